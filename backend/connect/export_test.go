package connect

import (
	"context"
	"time"
)

// SetLastMoments makes Close less patient.
func SetLastMoments(d time.Duration) (before time.Duration) {
	before, lastMoments = lastMoments, d
	return before
}

// Look is what a Connector that was started does every minute.
func (c *Connector) Look() { c.lookQuietly(context.Background(), c.checkEvery(context.Background())) }

// TellEndings is what it does next.
func (c *Connector) TellEndings(ctx context.Context) { c.tellEndings(ctx) }

// Checking says whether a check or the reading of details goes on, without asking
// the register: an [Overview] is costly where a test looks a thousand times.
func (c *Connector) Checking() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.check.Running || c.check.Details.Running
}

// Shown is [Overview.SignIn], in the same way.
func (c *Connector) Shown() Progress {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shown == nil {
		return Progress{Phase: PhaseIdle}
	}
	return c.shown.progress
}

// Turn is the lock that goes to whoever has waited for longest.
type Turn = turn

// Enter waits for the turn, at most until ctx ends.
func (t *turn) Enter(ctx context.Context) error { return t.enter(ctx) }
