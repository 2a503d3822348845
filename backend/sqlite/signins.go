package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"bookring/backend"
)

// SignIns returns every sign-in that has not ended, latest first.
func (r *Register) SignIns(ctx context.Context) ([]backend.SignIn, error) {
	return r.signIns(ctx, "WHERE ended_at IS NULL ORDER BY signed_in_at DESC, key DESC")
}

// AllSignIns returns every sign-in but those that were let go, those that have
// ended first, then by name.
func (r *Register) AllSignIns(ctx context.Context) ([]backend.SignIn, error) {
	return r.signIns(ctx, "WHERE left_at IS NULL ORDER BY ended_at IS NULL, name_key, key")
}

// Departing returns the sign-ins that have ended and are to be let go.
func (r *Register) EndedToRevoke(ctx context.Context) ([]backend.SignIn, error) {
	return r.signIns(ctx, "WHERE ended_at IS NOT NULL AND leaving_at IS NOT NULL AND left_at IS NULL ORDER BY key")
}

func (r *Register) signIns(ctx context.Context, which string) (all []backend.SignIn, err error) {
	err = r.read(ctx, "read sign-ins", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+signInColumns+" FROM sign_ins s "+which) //nolint:gosec // which is one of three texts above
		if err != nil {
			return err
		}
		all, err = collect(rows, scanSignIn)
		return err
	})
	return all, err
}

// signInColumns are those of a sign_ins s that [signInRow] takes. Without the
// index named, SQLite would read all connections of a sign-in to find that none
// is untold.
const signInColumns = `s.issuer, s.client_id, s.user_id, s.name, s.email, s.session_only, s.trouble, s.told_days, s.ending,
	s.leaving_at IS NOT NULL OR EXISTS (SELECT 1 FROM connections c INDEXED BY connections_untold
		WHERE c.sign_in = s.key AND c.left_at IS NOT NULL AND c.removed_at IS NULL),
	s.signed_in_at, s.checked_at, s.renewed_at, s.ended_at`

// signInRow is a sign-in as it is read.
type signInRow struct {
	s                       backend.SignIn
	at                      int64
	checked, renewed, ended sql.NullInt64
}

// into is where signInColumns are scanned to.
func (r *signInRow) into() []any {
	return []any{
		&r.s.Issuer, &r.s.ClientID, &r.s.UserID, &r.s.Name, &r.s.Email, &r.s.SessionOnly, &r.s.Trouble, &r.s.RemindedDays, &r.s.Ending,
		&r.s.DisconnectPending, &r.at, &r.checked, &r.renewed, &r.ended,
	}
}

func (r *signInRow) signIn() backend.SignIn {
	s := r.s
	s.At = instant(r.at)
	s.CheckedAt, s.RenewedAt, s.EndedAt = happened(r.checked), happened(r.renewed), happened(r.ended)
	return s
}

func scanSignIn(row scanner) (backend.SignIn, error) {
	var r signInRow
	err := row.Scan(r.into()...)
	return r.signIn(), err
}

// happened returns the zero time for NULL.
func happened(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return instant(ms.Int64)
}

// EndSignIn records that a sign-in can no longer be used, and why. One that is
// unknown or has ended already is left as it is. What waited to be told through
// it, so that an organisation could be forgotten, is not waited for any longer.
func (r *Register) EndSignIn(ctx context.Context, key backend.SignInKey, why backend.Ending, at time.Time) error {
	return r.write(ctx, "end sign-in", func(tx *sql.Tx) error {
		var name string
		err := tx.QueryRowContext(ctx, `UPDATE sign_ins SET ended_at = ?, ending = ?, trouble = ''
			WHERE issuer = ? AND client_id = ? AND user_id = ? AND ended_at IS NULL RETURNING name`,
			millis(at), why, key.Issuer, key.ClientID, key.UserID).Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := record(ctx, tx, event{at: at, kind: ended, signIn: backend.SignIn{SignInKey: key, Name: name}}); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
}

// SaveTrouble records what kept sign-ins from being checked, until Reconcile
// succeeds for them.
func (r *Register) SaveTrouble(ctx context.Context, keys []backend.SignInKey, trouble backend.Code) error {
	return r.write(ctx, "save trouble", func(tx *sql.Tx) error {
		for _, key := range keys {
			_, err := tx.ExecContext(ctx, "UPDATE sign_ins SET trouble = ? WHERE issuer = ? AND client_id = ? AND user_id = ?",
				string(trouble), key.Issuer, key.ClientID, key.UserID)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveRenewal records when a sign-in was renewed. Whoever was told of its end
// is told again of the next.
func (r *Register) SaveRenewal(ctx context.Context, key backend.SignInKey, at time.Time) error {
	return r.write(ctx, "save renewal", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE sign_ins SET renewed_at = ?, told_days = 0
			WHERE issuer = ? AND client_id = ? AND user_id = ?`,
			millis(at), key.Issuer, key.ClientID, key.UserID)
		return err
	})
}

// SaveReminder records that a person was told, so many days before, of the end of a
// sign-in.
func (r *Register) SaveReminder(ctx context.Context, key backend.SignInKey, days int) error {
	return r.write(ctx, "save notice", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE sign_ins SET told_days = ?
			WHERE issuer = ? AND client_id = ? AND user_id = ?`,
			days, key.Issuer, key.ClientID, key.UserID)
		return err
	})
}

// saveSignIn writes a sign-in and returns its key. It lives again if it had
// ended: that Xero gave it a list is the proof. A person who has signed in anew
// has a refresh token that is as new, and does not want to be let go any more.
func saveSignIn(ctx context.Context, tx *sql.Tx, s backend.SignIn, at time.Time) (key int64, err error) {
	var before int64
	err = tx.QueryRowContext(ctx, `SELECT signed_in_at FROM sign_ins
		WHERE issuer = ? AND client_id = ? AND user_id = ? AND ended_at IS NULL`,
		s.Issuer, s.ClientID, s.UserID).Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look for sign-in: %w", err)
	}
	if err != nil || before != millis(s.At) {
		if err := record(ctx, tx, event{at: at, kind: signedIn, signIn: s}); err != nil {
			return 0, err
		}
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO sign_ins
			(issuer, client_id, user_id, name, name_key, email, session_only, signed_in_at, renewed_at, checked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?8, ?8, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, name_key = excluded.name_key, email = excluded.email,
			session_only = excluded.session_only, signed_in_at = excluded.signed_in_at,
			renewed_at = iif(signed_in_at = excluded.signed_in_at, renewed_at, excluded.renewed_at),
			told_days = iif(signed_in_at = excluded.signed_in_at, told_days, 0),
			leaving_at = iif(signed_in_at = excluded.signed_in_at, leaving_at, NULL),
			checked_at = excluded.checked_at, trouble = '', ended_at = NULL, ending = '', left_at = NULL
		RETURNING key`,
		s.Issuer, s.ClientID, s.UserID, s.Name, fold(s.Name), s.Email, s.SessionOnly, millis(s.At), millis(at)).Scan(&key)
	if err != nil {
		return 0, fmt.Errorf("save sign-in: %w", err)
	}
	return key, nil
}
