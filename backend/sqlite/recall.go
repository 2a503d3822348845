package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"bookring/backend"
)

// Recall writes sign-ins that the keychain holds and the register has lost, or
// has as ended. At is when their credential was saved: it is as new as that.
// They live, and nothing is known of what they reach until Reconcile. One that
// was let go has a credential only if the person has signed in again since; one
// that was still to be let go is so still.
func (r *Register) Recall(ctx context.Context, signIns []backend.SignIn, at time.Time) error {
	return r.write(ctx, "recall sign-ins", func(tx *sql.Tx) error {
		for _, s := range signIns {
			_, err := tx.ExecContext(ctx, `INSERT INTO sign_ins
					(issuer, client_id, user_id, name, name_key, email, session_only, signed_in_at, renewed_at)
				VALUES (?, ?, ?, ?, ?, ?, FALSE, ?7, ?7)
				ON CONFLICT DO UPDATE SET renewed_at = excluded.renewed_at, told_days = 0, ended_at = NULL, ending = '',
					leaving_at = iif(left_at IS NULL, leaving_at, NULL), left_at = NULL`,
				s.Issuer, s.ClientID, s.UserID, s.Name, fold(s.Name), s.Email, millis(s.At))
			if err != nil {
				return fmt.Errorf("save sign-in: %w", err)
			}
			if err := record(ctx, tx, event{at: at, kind: recalled, signIn: s}); err != nil {
				return err
			}
		}
		return nil
	})
}

// CheckedSince counts the organisations that Xero has told of since a time.
func (r *Register) CheckedSince(ctx context.Context, since time.Time) (count int, err error) {
	err = r.read(ctx, "count checked", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM organisations WHERE last_checked_at >= ?", millis(since)).Scan(&count)
	})
	return count, err
}
