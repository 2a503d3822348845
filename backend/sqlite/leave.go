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

// chosen are the connections that a [backend.DisconnectRequest] is about, but for those
// that have gone already. Its values are those that choose returns.
const chosen = `((?1 = '' OR s.issuer || '|' || s.client_id || '|' || s.user_id = ?1)
	AND (?1 <> '' AND ?2 = '[]' OR o.id IN (SELECT value FROM json_each(?2))))`

// DisconnectEffects returns what disconnecting would mean, or still means: one for each
// organisation, by name, and the name of the sign-in, if it is about one.
func (r *Register) DisconnectEffects(ctx context.Context, l backend.DisconnectRequest) (all []backend.DisconnectEffect, signIn string, err error) {
	err = r.read(ctx, "read departures", func(tx *sql.Tx) error {
		if l.SignIn != "" {
			err := tx.QueryRowContext(ctx, `SELECT name FROM sign_ins
				WHERE issuer || '|' || client_id || '|' || user_id = ?`, l.SignIn).Scan(&signIn)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		all, err = departures(ctx, tx, l)
		return err
	})
	return all, signIn, err
}

func departures(ctx context.Context, tx *sql.Tx, l backend.DisconnectRequest) (all []backend.DisconnectEffect, err error) {
	ids, err := encoded(l)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT o.id, o.name, coalesce(s.name, ''), coalesce(`+chosen+`, 0),
			coalesce(s.ended_at IS NOT NULL, 0), coalesce(c.left_at IS NOT NULL, 0)
		FROM organisations o
			LEFT JOIN connections c ON c.organisation = o.key AND c.removed_at IS NULL
			LEFT JOIN sign_ins s ON s.key = c.sign_in
		WHERE o.key IN (SELECT o.key FROM organisations o WHERE ?1 = '' AND o.id IN (SELECT value FROM json_each(?2))
			UNION ALL SELECT c.organisation FROM connections c
				JOIN organisations o ON o.key = c.organisation JOIN sign_ins s ON s.key = c.sign_in
			WHERE ?1 <> '' AND c.removed_at IS NULL AND `+chosen+`)
		ORDER BY o.name_key, o.id, s.signed_in_at DESC, s.key DESC`, l.SignIn, ids)
	if err != nil {
		return nil, err
	}
	all = []backend.DisconnectEffect{}
	_, err = collect(rows, func(row scanner) (none struct{}, err error) {
		var id, name, person string
		var about, ended, left bool
		if err := row.Scan(&id, &name, &person, &about, &ended, &left); err != nil {
			return none, err
		}
		if len(all) == 0 || all[len(all)-1].ID != id {
			all = append(all, backend.DisconnectEffect{ID: id, Name: name})
		}
		d := &all[len(all)-1]
		switch {
		case person == "":
		case about && ended:
			d.Ended = append(d.Ended, person)
		case about:
			d.Through = append(d.Through, person)
		case !ended && !left:
			d.Staying = append(d.Staying, person)
		}
		return none, nil
	})
	return all, err
}

// Leave writes down, in one transaction, what a person wants to be
// disconnected. What nothing has to wait for is forgotten at once.
func (r *Register) RequestDisconnect(ctx context.Context, l backend.DisconnectRequest, at time.Time) error {
	return r.write(ctx, "leave", func(tx *sql.Tx) error {
		ids, err := encoded(l)
		if err != nil {
			return err
		}
		wanted, err := wantedEvents(ctx, tx, l.SignIn, ids, at)
		if err != nil {
			return err
		}
		for _, e := range wanted {
			if err := record(ctx, tx, e); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE connections SET left_at = ?3
			WHERE left_at IS NULL AND (organisation, sign_in) IN (
				SELECT c.organisation, c.sign_in FROM connections c
					JOIN organisations o ON o.key = c.organisation JOIN sign_ins s ON s.key = c.sign_in
				WHERE `+chosen+`)`, l.SignIn, ids, millis(at))
		if err != nil {
			return fmt.Errorf("leave connections: %w", err)
		}
		if err := leaveMore(ctx, tx, l, ids, at); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
}

// wantedEvents are the lines of history for what is connected and was not to
// be disconnected before.
func wantedEvents(ctx context.Context, tx *sql.Tx, signIn, ids string, at time.Time) ([]event, error) {
	rows, err := tx.QueryContext(ctx, `SELECT o.id, o.name, s.user_id, s.name FROM connections c
			JOIN organisations o ON o.key = c.organisation JOIN sign_ins s ON s.key = c.sign_in
		WHERE c.left_at IS NULL AND c.removed_at IS NULL AND `+chosen+`
		ORDER BY o.key, s.key`, signIn, ids)
	if err != nil {
		return nil, fmt.Errorf("read what is left: %w", err)
	}
	return collect(rows, func(row scanner) (event, error) {
		e := event{at: at, kind: disconnecting}
		err := row.Scan(&e.organisation, &e.name, &e.signIn.UserID, &e.signIn.Name)
		return e, err
	})
}

// leaveMore writes down that a sign-in is to be let go, or that organisations
// are to be forgotten.
func leaveMore(ctx context.Context, tx *sql.Tx, l backend.DisconnectRequest, ids string, at time.Time) error {
	statement, value := "", ""
	switch {
	case l.SignIn != "" && len(l.Organisations) > 0:
		return nil
	case l.SignIn != "":
		statement, value = `UPDATE sign_ins SET leaving_at = ?
			WHERE issuer || '|' || client_id || '|' || user_id = ? AND leaving_at IS NULL`, l.SignIn
	case l.Forget:
		statement, value = `UPDATE organisations SET forgotten_at = ?
			WHERE id IN (SELECT value FROM json_each(?)) AND forgotten_at IS NULL`, ids
	default:
		return nil
	}
	if _, err := tx.ExecContext(ctx, statement, millis(at), value); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// encoded are the organisations of a Leave as JSON, for json_each.
func encoded(l backend.DisconnectRequest) (string, error) {
	ids, err := json.Marshal(append([]string{}, l.Organisations...))
	if err != nil {
		return "", fmt.Errorf("encode IDs: %w", err)
	}
	return string(ids), nil
}
