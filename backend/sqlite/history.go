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

// event is a row of the history. Fields without a meaning for the kind are empty.
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
