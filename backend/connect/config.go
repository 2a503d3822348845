package connect

import (
	"context"
	"log/slog"
	"time"

	"bookring/backend"
	"bookring/backend/connect/details"
	"bookring/backend/connect/limits"
	"bookring/backend/connect/record"
	"bookring/backend/connect/recovery"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/renewal"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/syncing"
)

// Config is the program's configuration: the adapters of each room, and the facts of the
// start. main.go sets the adapters and the facts; [New] connects the rooms with each other.
type Config struct {
	// One sqlite.Register fills the four fields and every field Register of the rooms.
	Lists     lists
	Settings  settingStore
	Upkeep    upkeepStore
	Reminders reminders

	Limits   limits.Ports
	Renewal  renewal.Ports
	Record   record.Ports
	Details  details.Ports
	Syncing  syncing.Ports
	Rounds   rounds.Ports
	Removal  removal.Ports
	Recovery recovery.Ports

	// Opening is the result of opening the register.
	Opening backend.Opening
	// CloseListener closes the loopback listener and ends every attempt.
	CloseListener func()
	// Changed tells the window of news. Changed must not block.
	Changed func()
	// Network calls changed after every change of the computer's network, until ctx ends. Nil
	// means a system that does not tell.
	Network func(ctx context.Context, changed func())
	// Remind shows a message outside the window. Nil means a system without messages.
	Remind func(ctx context.Context, title, text string) error
	Log    *slog.Logger

	// ClientID is the client ID set by an administrator or built in, or "". ClientIDFrom is
	// the source: [FromEnvironment], [FromBuild] or [FromDemo].
	ClientID, ClientIDFrom string
	RedirectAddresses      []string
	// Demo: all data are made up. TestServer is the address of a test server, or "".
	Demo       bool
	TestServer string
	// System is windows, darwin or linux.
	System, DataFolder, Version, Commit string

	// Now and Pause replace the system's clock, in tests; nil means the system's clock.
	Now   func() time.Time
	Pause func(ctx context.Context, d time.Duration) error
	// Grace is the shutdown grace period; zero means [task.DefaultGrace].
	Grace time.Duration
}
