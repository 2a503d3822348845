package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"bookring/backend"
)

// The kinds of event that history keeps.
const (
	signedIn  = "signed-in"
	ended     = "ended"
	recalled  = "recalled"
	connected = "connected"
	back      = "back"
	renamed   = "renamed"
	removed   = "removed"
	refused   = "refused"

	disconnecting = "disconnecting" // a person wanted it
	disconnected  = "disconnected"  // Xero knows
	forgotten     = "forgotten"
	letGo         = "let-go" // a sign-in
)

// event is one line of history: what happened when, to which organisation,
// through whose sign-in. What does not apply is empty.
type event struct {
	at   time.Time
	kind string
	// organisation is Xero's id, name its name then; was is the name before.
	organisation, name, was string
	signIn                  backend.SignIn
}

func record(ctx context.Context, tx *sql.Tx, e event) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO history (at, kind, organisation, name, was, user_id, user_name)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		millis(e.at), e.kind, e.organisation, e.name, e.was, e.signIn.UserID, e.signIn.Name)
	if err != nil {
		return fmt.Errorf("record %s: %w", e.kind, err)
	}
	return nil
}
