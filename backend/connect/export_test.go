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
