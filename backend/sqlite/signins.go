package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"bookring/backend"
)

// SignIns returns the living sign-ins, latest first.
func (r *Register) SignIns(ctx context.Context) ([]backend.SignIn, error) {
	return r.signIns(ctx, "WHERE ended_at IS NULL ORDER BY signed_in_at DESC, key DESC")
}

// AllSignIns returns every sign-in except revoked sign-ins: ended sign-ins first, then by name.
func (r *Register) AllSignIns(ctx context.Context) ([]backend.SignIn, error) {
	return r.signIns(ctx, "WHERE left_at IS NULL ORDER BY ended_at IS NULL, name_key, key")
}

// EndedToRevoke returns the ended sign-ins with a pending revocation.
func (r *Register) EndedToRevoke(ctx context.Context) ([]backend.SignIn, error) {
	return r.signIns(ctx, "WHERE ended_at IS NOT NULL AND leaving_at IS NOT NULL AND left_at IS NULL ORDER BY key")
}

func (r *Register) signIns(ctx context.Context, whereAndOrder string) ([]backend.SignIn, error) {
	return readAll(ctx, r, "read sign-ins", scanSignIn, "SELECT "+signInColumns+" FROM sign_ins s "+whereAndOrder)
}

// signInColumns are the columns of a row s of sign_ins, for [signInRow]. The tenth column is
// SignIn.DisconnectPending. Without INDEXED BY, SQLite would read every connection of the sign-in.
const signInColumns = `s.issuer, s.client_id, s.user_id, s.name, s.email, s.session_only, s.trouble, s.told_days, s.ending,
	s.leaving_at IS NOT NULL OR EXISTS (SELECT 1 FROM connections c INDEXED BY connections_untold
		WHERE c.sign_in = s.key AND c.left_at IS NOT NULL AND c.removed_at IS NULL),
	s.signed_in_at, s.checked_at, s.renewed_at, s.ended_at`

// signInRow is a sign-in with the nullable columns.
type signInRow struct {
	s                       backend.SignIn
	at                      int64
	checked, renewed, ended sql.NullInt64
}

// into returns the destinations for [sql.Row.Scan], in the order of signInColumns.
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

// happened returns a nullable time; NULL becomes the zero time.
func happened(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return instant(ms.Int64)
}

// EndSignIn records the end of a sign-in. An unknown or ended sign-in stays unchanged. A disconnect pending
// through an ended sign-in no longer delays the forgetting of an organisation.
func (r *Register) EndSignIn(ctx context.Context, key backend.SignInKey, why backend.Ending, at time.Time) error {
	return r.write(ctx, "end sign-in", func(tx *sql.Tx) error {
		var name string
		err := tx.QueryRowContext(ctx, `UPDATE sign_ins SET ended_at = ?, ending = ?, trouble = ''
			WHERE issuer = ? AND client_id = ? AND user_id = ? AND ended_at IS NULL RETURNING name`,
			millis(at), why, key.Issuer, key.ClientID, key.UserID).Scan(&name)
		if err != nil {
			return ignoreMissing(err)
		}
		if err := record(ctx, tx, event{at: at, kind: ended, signIn: backend.SignIn{SignInKey: key, Name: name}}); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
}

// SaveTrouble records the failure of the last check of sign-ins. The next Reconcile replaces the trouble.
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

// SaveRenewal records a renewal, also in the history. The reminders of the new expiry start again.
func (r *Register) SaveRenewal(ctx context.Context, key backend.SignInKey, at time.Time) error {
	return r.write(ctx, "save renewal", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE sign_ins SET renewed_at = ?, told_days = 0
			WHERE issuer = ? AND client_id = ? AND user_id = ?`, millis(at), key.Issuer, key.ClientID, key.UserID)
		if err != nil {
			return err
		}
		return recordRenewal(ctx, tx, key, at)
	})
}

// SaveReminder records a reminder, shown days before the expiry of a sign-in.
func (r *Register) SaveReminder(ctx context.Context, key backend.SignInKey, days int) error {
	return r.exec(ctx, "save reminder", `UPDATE sign_ins SET told_days = ?
		WHERE issuer = ? AND client_id = ? AND user_id = ?`, days, key.Issuer, key.ClientID, key.UserID)
}

// saveSignIn records a sign-in as living and returns the key. A later SignIn.At means a new sign-in of the user:
// the refresh token is new, reminders start again, and a request to revoke is cancelled.
func saveSignIn(ctx context.Context, tx *sql.Tx, s backend.SignIn, trouble backend.Code, at time.Time) (key int64, err error) {
	var before int64
	err = tx.QueryRowContext(ctx, `SELECT signed_in_at FROM sign_ins
		WHERE issuer = ? AND client_id = ? AND user_id = ? AND ended_at IS NULL`,
		s.Issuer, s.ClientID, s.UserID).Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("find sign-in: %w", err)
	}
	if err != nil || before != millis(s.At) {
		if err := record(ctx, tx, event{at: at, kind: signedIn, signIn: s}); err != nil {
			return 0, err
		}
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO sign_ins
			(issuer, client_id, user_id, name, name_key, email, session_only, signed_in_at, renewed_at, checked_at, trouble)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?8, ?8, ?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, name_key = excluded.name_key, email = excluded.email,
			session_only = excluded.session_only, signed_in_at = excluded.signed_in_at,
			renewed_at = iif(signed_in_at = excluded.signed_in_at, renewed_at, excluded.renewed_at),
			told_days = iif(signed_in_at = excluded.signed_in_at, told_days, 0),
			leaving_at = iif(signed_in_at = excluded.signed_in_at, leaving_at, NULL),
			checked_at = excluded.checked_at, trouble = excluded.trouble, ended_at = NULL, ending = '', left_at = NULL
		RETURNING key`,
		s.Issuer, s.ClientID, s.UserID, s.Name, fold(s.Name), s.Email, s.SessionOnly, millis(s.At), millis(at), string(trouble)).Scan(&key)
	if err != nil {
		return 0, fmt.Errorf("save sign-in: %w", err)
	}
	return key, nil
}
