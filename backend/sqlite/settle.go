package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// settle applies the consequences of a changed connection or sign-in. In order, settle:
//
//  1. cancels the request to forget an organisation that is connected again,
//  2. cancels the request to revoke a sign-in that has a connection without disconnect request,
//  3. forgets the other organisations with a request and without a pending disconnect of a living sign-in, and
//     removes their names from the history unless the request keeps the names.
func settle(ctx context.Context, tx *sql.Tx, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE organisations SET forgotten_at = NULL, name_kept = FALSE WHERE forgotten_at IS NOT NULL
		AND EXISTS (SELECT 1 FROM reach WHERE organisation = organisations.key AND NOT gone)`)
	if err != nil {
		return fmt.Errorf("cancel forgetting: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE sign_ins SET leaving_at = NULL WHERE leaving_at IS NOT NULL AND left_at IS NULL
		AND EXISTS (SELECT 1 FROM connections c WHERE c.sign_in = sign_ins.key AND c.left_at IS NULL AND c.removed_at IS NULL)`)
	if err != nil {
		return fmt.Errorf("cancel revocation: %w", err)
	}
	// Without a kept name the event has no name.
	scan := func(row scanner) (event, error) {
		e := event{at: at, kind: forgotten}
		err := row.Scan(&e.organisation, &e.name)
		return e, err
	}
	due, err := query(ctx, tx, scan, `SELECT id, iif(name_kept, name, '') FROM organisations WHERE forgotten_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM reach WHERE organisation = organisations.key AND untold AND NOT ended)`)
	if err != nil {
		return fmt.Errorf("read organisations to forget: %w", err)
	}
	for _, e := range due {
		for _, statement := range []string{
			"DELETE FROM connections WHERE organisation = (SELECT key FROM organisations WHERE id = ?)",
			"DELETE FROM organisations WHERE id = ?",
		} {
			if _, err := tx.ExecContext(ctx, statement, e.organisation); err != nil {
				return fmt.Errorf("forget: %w", err)
			}
		}
		if e.name == "" {
			if err := removeName(ctx, tx, e.organisation); err != nil {
				return err
			}
		}
	}
	return record(ctx, tx, due...)
}
