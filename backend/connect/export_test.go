package connect

import (
	"context"
	"time"

	"bookring/backend/connect/view"
)

// SetGrace changes the shutdown grace period.
func (c *Connector) SetGrace(d time.Duration) { c.tasks.Grace = d }

// Look begins the work that a started Connector begins at every due time.
func (c *Connector) Look() { c.look(context.Background(), c.checkEvery(context.Background())) }

// RemindNow shows the due reminders.
func (c *Connector) RemindNow(ctx context.Context) { c.remindNow(ctx) }

// Checking reports a running check or reading of details, without a look into the
// register: an [view.Overview] is costly for a test with a thousand looks.
func (c *Connector) Checking() bool {
	check, _ := c.syncer.Progress()
	return check.Running || c.details.Progress().Running
}

// Shown is [view.Overview.SignIn], without a look into the register.
func (c *Connector) Shown() view.Progress { return roundView(c.rounds.Progress()) }
