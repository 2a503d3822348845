package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"bookring/backend"
)

// requested is an SQL condition: a [backend.DisconnectRequest] covers the connection c of the organisation o
// and the sign-in s. Parameters: ?1 is the request's SignIn, ?2 is [organisationsJSON] of the request.
const requested = `((?1 = '' OR s.issuer || '|' || s.client_id || '|' || s.user_id = ?1)
	AND (?1 <> '' AND ?2 = '[]' OR o.id IN (SELECT value FROM json_each(?2))))`

// organisationsJSON returns the organisations of a request as a JSON array, for SQL's json_each.
func organisationsJSON(request backend.DisconnectRequest) (string, error) {
	ids, err := json.Marshal(append([]string{}, request.Organisations...))
	if err != nil {
		return "", fmt.Errorf("encode IDs: %w", err)
	}
	return string(ids), nil
}

// RequestDisconnect records a disconnect request in a transaction. An organisation without a pending
// disconnect is forgotten immediately if the request says Forget.
func (r *Register) RequestDisconnect(ctx context.Context, request backend.DisconnectRequest, at time.Time) error {
	return r.write(ctx, "request disconnect", func(tx *sql.Tx) error {
		ids, err := organisationsJSON(request)
		if err != nil {
			return err
		}
		events, err := disconnectEvents(ctx, tx, request.SignIn, ids, at)
		if err != nil {
			return err
		}
		if err := record(ctx, tx, events...); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE connections SET left_at = ?3
			WHERE left_at IS NULL AND (organisation, sign_in) IN (
				SELECT c.organisation, c.sign_in FROM connections c
					JOIN organisations o ON o.key = c.organisation JOIN sign_ins s ON s.key = c.sign_in
				WHERE `+requested+`)`, request.SignIn, ids, millis(at))
		if err != nil {
			return fmt.Errorf("mark connections: %w", err)
		}
		if err := requestRevokeOrForget(ctx, tx, request, ids, at); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
}

// disconnectEvents returns the events for the request's connections without an earlier disconnect request.
func disconnectEvents(ctx context.Context, tx *sql.Tx, signIn, ids string, at time.Time) ([]event, error) {
	scan := func(row scanner) (event, error) {
		e := event{at: at, kind: disconnecting}
		err := row.Scan(&e.organisation, &e.name, &e.signIn.UserID, &e.signIn.Name)
		return e, err
	}
	return query(ctx, tx, scan, `SELECT o.id, o.name, s.user_id, s.name FROM connections c
			JOIN organisations o ON o.key = c.organisation JOIN sign_ins s ON s.key = c.sign_in
		WHERE c.left_at IS NULL AND c.removed_at IS NULL AND `+requested+`
		ORDER BY o.key, s.key`, signIn, ids)
}

// requestRevokeOrForget marks the request's sign-in to be revoked (if the request names no organisation) or
// the request's organisations to be forgotten.
func requestRevokeOrForget(ctx context.Context, tx *sql.Tx, request backend.DisconnectRequest, ids string, at time.Time) error {
	statement, values := "", []any{millis(at)}
	switch {
	case request.SignIn != "" && len(request.Organisations) > 0:
		return nil
	case request.SignIn != "":
		statement = `UPDATE sign_ins SET leaving_at = ?
			WHERE issuer || '|' || client_id || '|' || user_id = ? AND leaving_at IS NULL`
		values = append(values, request.SignIn)
	case request.Forget:
		// The last request decides about the name.
		statement = `UPDATE organisations SET forgotten_at = coalesce(forgotten_at, ?), name_kept = ?
			WHERE id IN (SELECT value FROM json_each(?))`
		values = append(values, request.KeepName, ids)
	default:
		return nil
	}
	if _, err := tx.ExecContext(ctx, statement, values...); err != nil {
		return fmt.Errorf("request revocation or forgetting: %w", err)
	}
	return nil
}

// CancelDisconnect cancels the pending disconnects of an organisation, and reports whether a living sign-in
// reaches the organisation. A confirmed disconnect stays.
func (r *Register) CancelDisconnect(ctx context.Context, organisationID string, at time.Time) (reached bool, err error) {
	err = r.write(ctx, "cancel disconnect", func(tx *sql.Tx) error {
		e := event{at: at, kind: back, organisation: organisationID}
		var key int64
		err := tx.QueryRowContext(ctx, "SELECT key, name FROM organisations WHERE id = ?", organisationID).Scan(&key, &e.name)
		if err != nil {
			return ignoreMissing(err)
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
