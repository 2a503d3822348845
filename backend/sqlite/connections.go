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

// saveConnections records Xero's list of a sign-in's connections and returns the keys of the organisations,
// in Xero's order. An organisation without a name in the list keeps the earlier name. A refusal ends if the organisation was not connected before.
//
// A disconnect request stays unless the user has connected the organisation again: then the connection has
// another ID or a later update time.
func saveConnections(ctx context.Context, tx *sql.Tx, signIn int64, listed []backend.Connection, before map[string]known, at time.Time) ([]int64, error) {
	organisation, err := tx.PrepareContext(ctx, `INSERT INTO organisations (id, name, name_key, search_key, search_version, first_seen_at, last_checked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET name = iif(excluded.name = ?8, name, excluded.name),
			name_key = iif(excluded.name = ?8, name_key, excluded.name_key),
			search_key = iif(excluded.name = ?8, search_key, excluded.search_key),
			search_version = iif(excluded.name = ?8, search_version, excluded.search_version),
			last_checked_at = excluded.last_checked_at,
			refused_at = iif(?9, NULL, refused_at)
		RETURNING key`)
	if err != nil {
		return nil, fmt.Errorf("prepare organisation: %w", err)
	}
	defer func() { _ = organisation.Close() }() // the transaction closes the statement too
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
		err := organisation.QueryRowContext(ctx, c.OrganisationID, c.Name, fold(c.Name), searchKey(c.Name), searchVersion, millis(at), millis(at),
			backend.Say.Name.Missing, before[c.OrganisationID].unconnected()).Scan(&keys[i])
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

// removeUnlisted marks a sign-in's connections to organisations absent from listed as removed, and every
// organisation of the sign-in as checked. removeUnlisted returns the keys of the organisations of removed
// connections, first seen first: removed without a disconnect request, confirmed with a disconnect request.
func removeUnlisted(ctx context.Context, tx *sql.Tx, signIn int64, listed []backend.Connection, at time.Time) (removed, confirmed []int64, err error) {
	ids := make([]string, len(listed))
	for i, c := range listed {
		ids[i] = c.OrganisationID
	}
	listedJSON, err := json.Marshal(ids)
	if err != nil {
		return nil, nil, fmt.Errorf("encode IDs: %w", err)
	}
	for condition, keys := range map[string]*[]int64{"left_at IS NULL": &removed, "left_at IS NOT NULL": &confirmed} {
		*keys, err = query(ctx, tx, scanKey, `UPDATE connections SET removed_at = ?
			WHERE sign_in = ? AND removed_at IS NULL AND `+condition+` AND organisation NOT IN (SELECT key FROM organisations WHERE id IN (SELECT value FROM json_each(?)))
			RETURNING organisation`, millis(at), signIn, string(listedJSON))
		if err != nil {
			return nil, nil, fmt.Errorf("remove unlisted: %w", err)
		}
		slices.Sort(*keys)
	}
	_, err = tx.ExecContext(ctx, `UPDATE organisations SET last_checked_at = ?
		WHERE key IN (SELECT organisation FROM connections WHERE sign_in = ?)`, millis(at), signIn)
	if err != nil {
		return nil, nil, fmt.Errorf("save check time: %w", err)
	}
	return removed, confirmed, nil
}
