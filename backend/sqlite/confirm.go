package sqlite

import (
	"context"
	"database/sql"
	"time"

	"bookring/backend"
)

// PendingDisconnects returns the pending disconnects of a sign-in. The connections are in the order in which
// Bookring first saw the organisations.
func (r *Register) PendingDisconnects(ctx context.Context, key backend.SignInKey) (p backend.PendingDisconnects, err error) {
	err = r.read(ctx, "read pending disconnects", func(tx *sql.Tx) error {
		var signIn int64
		err := tx.QueryRowContext(ctx, `SELECT key, leaving_at IS NOT NULL AND left_at IS NULL FROM sign_ins
			WHERE issuer = ? AND client_id = ? AND user_id = ?`,
			key.Issuer, key.ClientID, key.UserID).Scan(&signIn, &p.Revoke)
		if err != nil {
			return ignoreMissing(err)
		}
		p.Connections, err = query(ctx, tx, scanID, `SELECT xero_id FROM connections INDEXED BY connections_untold
			WHERE sign_in = ? AND left_at IS NOT NULL AND removed_at IS NULL ORDER BY organisation`, signIn)
		return err
	})
	return p, err
}

// MarkDisconnected confirms a pending disconnect. An unknown or meanwhile reconnected connection stays
// unchanged.
func (r *Register) MarkDisconnected(ctx context.Context, key backend.SignInKey, connectionID string, at time.Time) error {
	return r.write(ctx, "mark disconnected", func(tx *sql.Tx) error {
		e := event{at: at, kind: disconnected, signIn: backend.SignIn{SignInKey: key}}
		var organisation, signIn int64
		err := tx.QueryRowContext(ctx, `SELECT c.organisation, c.sign_in, o.id, o.name, s.name FROM sign_ins s
				JOIN connections c INDEXED BY connections_untold ON c.sign_in = s.key
				JOIN organisations o ON o.key = c.organisation
			WHERE s.issuer = ? AND s.client_id = ? AND s.user_id = ?
				AND c.xero_id = ? AND c.left_at IS NOT NULL AND c.removed_at IS NULL`,
			key.Issuer, key.ClientID, key.UserID, connectionID).
			Scan(&organisation, &signIn, &e.organisation, &e.name, &e.signIn.Name)
		if err != nil {
			return ignoreMissing(err)
		}
		_, err = tx.ExecContext(ctx, "UPDATE connections SET removed_at = ? WHERE organisation = ? AND sign_in = ?",
			millis(at), organisation, signIn)
		if err != nil {
			return err
		}
		if err := record(ctx, tx, e); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
}

// MarkRevoked records the end of a sign-in with a pending revocation. The caller has deleted the credential.
// A sign-in without a pending revocation stays unchanged, for example after a new sign-in.
func (r *Register) MarkRevoked(ctx context.Context, key backend.SignInKey, at time.Time) error {
	return r.write(ctx, "mark revoked", func(tx *sql.Tx) error {
		e := event{at: at, kind: revoked, signIn: backend.SignIn{SignInKey: key}}
		err := tx.QueryRowContext(ctx, `UPDATE sign_ins SET left_at = ?1, ended_at = coalesce(ended_at, ?1)
			WHERE issuer = ? AND client_id = ? AND user_id = ? AND leaving_at IS NOT NULL AND left_at IS NULL
			RETURNING name`, millis(at), key.Issuer, key.ClientID, key.UserID).Scan(&e.signIn.Name)
		if err != nil {
			return ignoreMissing(err)
		}
		if err := record(ctx, tx, e); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
}
