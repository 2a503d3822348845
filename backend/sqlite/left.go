package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"bookring/backend"
)

// Waiting returns what a sign-in still has to tell Xero, in the order in which
// the organisations were first seen.
func (r *Register) PendingDisconnects(ctx context.Context, key backend.SignInKey) (w backend.PendingDisconnects, err error) {
	err = r.read(ctx, "read what waits", func(tx *sql.Tx) error {
		var signIn int64
		err := tx.QueryRowContext(ctx, `SELECT key, leaving_at IS NOT NULL AND left_at IS NULL FROM sign_ins
			WHERE issuer = ? AND client_id = ? AND user_id = ?`,
			key.Issuer, key.ClientID, key.UserID).Scan(&signIn, &w.Revoke)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT xero_id FROM connections INDEXED BY connections_untold
			WHERE sign_in = ? AND left_at IS NOT NULL AND removed_at IS NULL ORDER BY organisation`, signIn)
		if err != nil {
			return err
		}
		w.Connections, err = collect(rows, scanID)
		return err
	})
	return w, err
}

// Left records that Xero has ended a connection that was to be disconnected.
// One that is unknown, or was connected again since, is left as it is.
func (r *Register) MarkDisconnected(ctx context.Context, key backend.SignInKey, connectionID string, at time.Time) error {
	return r.write(ctx, "record a disconnection", func(tx *sql.Tx) error {
		e := event{at: at, kind: disconnected, signIn: backend.SignIn{SignInKey: key}}
		var organisation, signIn int64
		err := tx.QueryRowContext(ctx, `SELECT c.organisation, c.sign_in, o.id, o.name, s.name FROM sign_ins s
				JOIN connections c INDEXED BY connections_untold ON c.sign_in = s.key
				JOIN organisations o ON o.key = c.organisation
			WHERE s.issuer = ? AND s.client_id = ? AND s.user_id = ?
				AND c.xero_id = ? AND c.left_at IS NOT NULL AND c.removed_at IS NULL`,
			key.Issuer, key.ClientID, key.UserID, connectionID).
			Scan(&organisation, &signIn, &e.organisation, &e.name, &e.signIn.Name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
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

// Stay records that an organisation is to stay connected after all, as far as
// it still is, and reports whether a sign-in that lives reaches it.
func (r *Register) CancelDisconnect(ctx context.Context, organisationID string, at time.Time) (reached bool, err error) {
	err = r.write(ctx, "stay connected", func(tx *sql.Tx) error {
		e := event{at: at, kind: back, organisation: organisationID}
		var key int64
		err := tx.QueryRowContext(ctx, "SELECT key, name FROM organisations WHERE id = ?", organisationID).Scan(&key, &e.name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE connections SET left_at = NULL WHERE organisation = ? AND removed_at IS NULL", key)
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM reach
			WHERE organisation = ? AND NOT gone AND NOT ended)`, key).Scan(&reached)
		if err != nil {
			return err
		}
		if reached {
			err = record(ctx, tx, e)
		}
		return errors.Join(err, settle(ctx, tx, at))
	})
	return reached, err
}

// LetGo records that a sign-in that was to be let go is: nothing of it is kept
// in the keychain any more. Unless it was signed in again since.
func (r *Register) MarkRevoked(ctx context.Context, key backend.SignInKey, at time.Time) error {
	return r.write(ctx, "let a sign-in go", func(tx *sql.Tx) error {
		e := event{at: at, kind: letGo, signIn: backend.SignIn{SignInKey: key}}
		err := tx.QueryRowContext(ctx, `UPDATE sign_ins SET left_at = ?1, ended_at = coalesce(ended_at, ?1)
			WHERE issuer = ? AND client_id = ? AND user_id = ? AND leaving_at IS NOT NULL AND left_at IS NULL
			RETURNING name`, millis(at), key.Issuer, key.ClientID, key.UserID).Scan(&e.signIn.Name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := record(ctx, tx, e); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
}

// settle forgets the organisations for which nothing has to be waited any more,
// and the wishes that were overtaken: what is connected again is not to be
// forgotten, nor who reaches it to be let go.
func settle(ctx context.Context, tx *sql.Tx, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE organisations SET forgotten_at = NULL WHERE forgotten_at IS NOT NULL
		AND EXISTS (SELECT 1 FROM reach WHERE organisation = organisations.key AND NOT gone)`)
	if err != nil {
		return fmt.Errorf("keep what is connected again: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE sign_ins SET leaving_at = NULL WHERE leaving_at IS NOT NULL AND left_at IS NULL
		AND EXISTS (SELECT 1 FROM connections c WHERE c.sign_in = sign_ins.key AND c.left_at IS NULL AND c.removed_at IS NULL)`)
	if err != nil {
		return fmt.Errorf("keep who reaches something: %w", err)
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, name FROM organisations WHERE forgotten_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM reach WHERE organisation = organisations.key AND untold AND NOT ended)`)
	if err != nil {
		return fmt.Errorf("read what is to be forgotten: %w", err)
	}
	gone, err := collect(rows, func(row scanner) (event, error) {
		e := event{at: at, kind: forgotten}
		err := row.Scan(&e.organisation, &e.name)
		return e, err
	})
	if err != nil {
		return fmt.Errorf("read what is to be forgotten: %w", err)
	}
	for _, e := range gone {
		if err := forget(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func forget(ctx context.Context, tx *sql.Tx, e event) error {
	for _, statement := range []string{
		"DELETE FROM connections WHERE organisation = (SELECT key FROM organisations WHERE id = ?)",
		"DELETE FROM organisations WHERE id = ?",
	} {
		if _, err := tx.ExecContext(ctx, statement, e.organisation); err != nil {
			return fmt.Errorf("forget: %w", err)
		}
	}
	return record(ctx, tx, e)
}

// recordLeft adds to history that Xero does not list any more what was to be
// disconnected.
func recordLeft(ctx context.Context, tx *sql.Tx, left []int64, s backend.SignIn, at time.Time) error {
	all, err := organisations(ctx, tx, left)
	if err != nil {
		return err
	}
	for _, o := range all {
		if err := record(ctx, tx, event{at: at, kind: disconnected, organisation: o.ID, name: o.Name, signIn: s}); err != nil {
			return err
		}
	}
	return nil
}
