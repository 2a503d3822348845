package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"bookring/backend"
)

// The kinds of events in the column history.kind.
const (
	signedIn  = "signed-in"
	ended     = "ended"
	recalled  = "recalled"
	returned  = "returned"
	renewed   = "renewed" // one event for each sign-in and UTC day
	connected = "connected"
	back      = "back"
	renamed   = "renamed"
	removed   = "removed"
	refused   = "refused"

	disconnecting = "disconnecting" // requested
	disconnected  = "disconnected"  // confirmed
	forgotten     = "forgotten"
	revoked       = "let-go"
)

// event is a row of the history. Fields without a meaning for the kind are empty. The history loses the names
// of a forgotten organisation, and renewals after two years; triggers refuse every other change.
type event struct {
	at   time.Time
	kind string
	// organisation is Xero's ID; name is the name at the time; was is the name before a renaming.
	organisation, name, was string
	signIn                  backend.SignIn
}

// record adds events to the history.
func record(ctx context.Context, tx *sql.Tx, events ...event) error {
	for _, e := range events {
		_, err := tx.ExecContext(ctx, `INSERT INTO history (at, kind, organisation, name, was, user_id, user_name)
			VALUES (?, ?, ?, ?, ?, ?, ?)`,
			millis(e.at), e.kind, e.organisation, e.name, e.was, e.signIn.UserID, e.signIn.Name)
		if err != nil {
			return fmt.Errorf("record %s: %w", e.kind, err)
		}
	}
	return nil
}

// day is a day in milliseconds.
const day = 24 * 60 * 60 * 1000

// recordRenewal adds a renewal to the history, unless the history has a renewal of the sign-in and the UTC day.
func recordRenewal(ctx context.Context, tx *sql.Tx, key backend.SignInKey, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO history (at, kind, user_id, user_name)
		SELECT ?1, ?2, user_id, name FROM sign_ins WHERE issuer = ?3 AND client_id = ?4 AND user_id = ?5
			AND NOT EXISTS (SELECT 1 FROM history h INDEXED BY history_renewed WHERE h.kind = 'renewed' AND h.user_id = ?5
				AND h.at BETWEEN ?1 / ?6 * ?6 AND ?1 / ?6 * ?6 + ?6 - 1)`,
		millis(at), renewed, key.Issuer, key.ClientID, key.UserID, day)
	if err != nil {
		return fmt.Errorf("record renewal: %w", err)
	}
	return nil
}

// removeName removes the present and former names of an organisation from the history. The organisation must
// be out of the list.
func removeName(ctx context.Context, tx *sql.Tx, organisation string) error {
	_, err := tx.ExecContext(ctx, `UPDATE history INDEXED BY history_by_organisation SET name = '', was = ''
		WHERE organisation = ? AND organisation <> '' AND (name <> '' OR was <> '')`, organisation)
	if err != nil {
		return fmt.Errorf("remove name from history: %w", err)
	}
	return nil
}
