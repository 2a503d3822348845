package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"bookring/backend"
)

// Recall restores sign-ins from the keychain after the register lost the sign-ins or recorded an end. At of
// each sign-in is the time of the credential's last save, taken as the time of the last renewal. The
// sign-ins are living again; Reconcile restores the connections.
//
// A revoked sign-in with a credential is a newer sign-in of the user and is not to be revoked. A pending
// revocation stays pending.
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
