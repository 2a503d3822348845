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
func (r *Register) SignIns(ctx context.Context) (all []backend.SignIn, err error) {
	err = r.read(ctx, "read sign-ins", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT issuer, client_id, user_id, name, email, session_only, signed_in_at, checked_at, trouble
			FROM sign_ins WHERE ended_at IS NULL ORDER BY signed_in_at DESC, key DESC`)
		if err != nil {
			return err
		}
		all, err = collect(rows, scanSignIn)
		return err
	})
	return all, err
}

func scanSignIn(row scanner) (s backend.SignIn, err error) {
	var at int64
	var checked sql.NullInt64
	err = row.Scan(&s.Issuer, &s.ClientID, &s.UserID, &s.Name, &s.Email, &s.SessionOnly, &at, &checked, &s.Trouble)
	s.At = instant(at)
	if checked.Valid {
		s.CheckedAt = instant(checked.Int64)
	}
	return s, err
}

// EndSignIn records that a sign-in can no longer be used. One that is unknown
// or has ended already is left as it is.
func (r *Register) EndSignIn(ctx context.Context, key backend.SignInKey, at time.Time) error {
	return r.write(ctx, "end sign-in", func(tx *sql.Tx) error {
		var name string
		err := tx.QueryRowContext(ctx, `UPDATE sign_ins SET ended_at = ?
			WHERE issuer = ? AND client_id = ? AND user_id = ? AND ended_at IS NULL RETURNING name`,
			millis(at), key.Issuer, key.ClientID, key.UserID).Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, event{at: at, kind: ended, signIn: backend.SignIn{SignInKey: key, Name: name}})
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

// saveSignIn writes a sign-in and returns its key. It lives again if it had
// ended: that Xero gave it a list is the proof.
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
			(issuer, client_id, user_id, name, name_key, email, session_only, signed_in_at, checked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, name_key = excluded.name_key, email = excluded.email,
			session_only = excluded.session_only, signed_in_at = excluded.signed_in_at,
			checked_at = excluded.checked_at, trouble = '', ended_at = NULL
		RETURNING key`,
		s.Issuer, s.ClientID, s.UserID, s.Name, fold(s.Name), s.Email, s.SessionOnly, millis(s.At), millis(at)).Scan(&key)
	if err != nil {
		return 0, fmt.Errorf("save sign-in: %w", err)
	}
	return key, nil
}
