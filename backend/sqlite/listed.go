package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bookring/backend"
)

// saveListed writes what Xero listed for a sign-in and returns the keys of the
// organisations, in the order listed. A refusal does not outlive the
// connection that was refused. That one is to be disconnected holds, unless it
// was connected again since: then Xero has given it another ID, or changed it.
func saveListed(ctx context.Context, tx *sql.Tx, signIn int64, listed []backend.Connection, before map[string]known, at time.Time) ([]int64, error) {
	organisation, err := tx.PrepareContext(ctx, `INSERT INTO organisations (id, name, name_key, first_seen_at, last_checked_at)
		VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
			refused_at = iif(?, NULL, refused_at)
		RETURNING key`)
	if err != nil {
		return nil, fmt.Errorf("prepare organisation: %w", err)
	}
	defer func() { _ = organisation.Close() }() // ends with the transaction at the latest
	connection, err := tx.PrepareContext(ctx, `INSERT INTO connections
			(organisation, sign_in, xero_id, auth_event_id, created_at, updated_at, seen_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET xero_id = excluded.xero_id, auth_event_id = excluded.auth_event_id,
			created_at = excluded.created_at, updated_at = excluded.updated_at,
			seen_at = excluded.seen_at, removed_at = NULL,
			left_at = iif(xero_id = excluded.xero_id AND updated_at >= excluded.updated_at, left_at, NULL)`)
	if err != nil {
		return nil, fmt.Errorf("prepare connection: %w", err)
	}
	defer func() { _ = connection.Close() }()

	keys := make([]int64, len(listed))
	for i, c := range listed {
		err := organisation.QueryRowContext(ctx, c.OrganisationID, c.Name, fold(c.Name), millis(at), millis(at),
			before[c.OrganisationID].lost()).Scan(&keys[i])
		if err != nil {
			return nil, fmt.Errorf("save organisation: %w", err)
		}
		_, err = connection.ExecContext(ctx, keys[i], signIn, c.ID, c.AuthEventID,
			millis(c.CreatedAt), millis(c.UpdatedAt), millis(at))
		if err != nil {
			return nil, fmt.Errorf("save connection: %w", err)
		}
	}
	return keys, nil
}

// removeUnlisted marks the connections of a sign-in that are not among the
// organisations listed as removed. It returns the keys of their organisations,
// first seen first: gone are those that went without being asked to, left those
// that were disconnected here. Whatever it finds, all that the sign-in ever
// reached was checked.
func removeUnlisted(ctx context.Context, tx *sql.Tx, signIn int64, listed []int64, at time.Time) (gone, left []int64, err error) {
	keep, err := json.Marshal(listed)
	if err != nil {
		return nil, nil, fmt.Errorf("encode keys: %w", err)
	}
	for wanted, keys := range map[string]*[]int64{"left_at IS NULL": &gone, "left_at IS NOT NULL": &left} {
		//nolint:gosec // wanted is ours
		rows, err := tx.QueryContext(ctx, `UPDATE connections SET removed_at = ?
			WHERE sign_in = ? AND removed_at IS NULL AND `+wanted+` AND organisation NOT IN (SELECT value FROM json_each(?))
			RETURNING organisation`, millis(at), signIn, string(keep))
		if err != nil {
			return nil, nil, fmt.Errorf("remove unlisted: %w", err)
		}
		if *keys, err = collect(rows, scanKey); err != nil {
			return nil, nil, fmt.Errorf("remove unlisted: %w", err)
		}
		slices.Sort(*keys)
	}
	_, err = tx.ExecContext(ctx, `UPDATE organisations SET last_checked_at = ?
		WHERE key IN (SELECT organisation FROM connections WHERE sign_in = ?)`, millis(at), signIn)
	if err != nil {
		return nil, nil, fmt.Errorf("save time of check: %w", err)
	}
	return gone, left, nil
}
