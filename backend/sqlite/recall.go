package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"bookring/backend"
)

// Recall restores sign-ins from the keychain after the register lost the sign-ins or recorded an end. At of
// each sign-in is the time of the credential's last save, taken as the time of the last renewal. The
// sign-ins are living again; Reconcile restores the connections. Recalled counts the restored sign-ins.
//
// A revoked sign-in with a credential saved after the revocation is a newer sign-in of the user and is not to
// be revoked. A credential from before the revocation, back from a backup of the keychain, restores nothing. A
// pending revocation stays pending.
func (r *Register) Recall(ctx context.Context, signIns []backend.SignIn, at time.Time) (recalledSignIns int, err error) {
	err = r.write(ctx, "recall sign-ins", func(tx *sql.Tx) error {
		for _, s := range signIns {
			changed, err := tx.ExecContext(ctx, `INSERT INTO sign_ins
					(issuer, client_id, user_id, name, name_key, email, session_only, signed_in_at, renewed_at)
				VALUES (?, ?, ?, ?, ?, ?, FALSE, ?7, ?7)
				ON CONFLICT DO UPDATE SET renewed_at = excluded.renewed_at, told_days = 0, ended_at = NULL, ending = '',
					leaving_at = iif(left_at IS NULL, leaving_at, NULL), left_at = NULL
				WHERE left_at IS NULL OR left_at < excluded.renewed_at`,
				s.Issuer, s.ClientID, s.UserID, s.Name, fold(s.Name), s.Email, millis(s.At))
			if err != nil {
				return fmt.Errorf("save sign-in: %w", err)
			}
			if n, err := changed.RowsAffected(); err != nil || n == 0 {
				continue
			}
			recalledSignIns++
			if err := record(ctx, tx, event{at: at, kind: recalled, signIn: s}); err != nil {
				return err
			}
		}
		return nil
	})
	return recalledSignIns, err
}

// ReturnSignIns makes sign-ins living again that ended for lack of a credential, after the keychain has the
// credential again. At of each sign-in is the time of the credential's last save. The trouble
// [backend.KeyReturned] makes a check due. A sign-in with a request to revoke, a sign-in refused by Xero and a
// living sign-in stay unchanged: the user or Xero has decided meanwhile. Returned counts the changed sign-ins.
//
// A credential older than the last renewal does not change the time of the last renewal.
func (r *Register) ReturnSignIns(ctx context.Context, signIns []backend.SignIn, at time.Time) (returnedSignIns int, err error) {
	err = r.write(ctx, "return sign-ins", func(tx *sql.Tx) error {
		for _, s := range signIns {
			err := tx.QueryRowContext(ctx, `UPDATE sign_ins SET ended_at = NULL, ending = '', trouble = ?, session_only = FALSE,
					told_days = 0, renewed_at = max(coalesce(renewed_at, 0), ?)
				WHERE issuer = ? AND client_id = ? AND user_id = ? AND ended_at IS NOT NULL AND ending IN (?, ?, ?)
					AND leaving_at IS NULL AND left_at IS NULL
				RETURNING name`,
				string(backend.KeyReturned), millis(s.At), s.Issuer, s.ClientID, s.UserID,
				backend.KeyGone, backend.KeyDamaged, backend.KeyOld).Scan(&s.Name)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			returnedSignIns++
			if err := record(ctx, tx, event{at: at, kind: returned, signIn: s}); err != nil {
				return err
			}
		}
		return nil
	})
	return returnedSignIns, err
}
