package connect

import (
	"context"
	"time"

	"bookring/backend"
)

// settingTried is written only to find out whether writing works.
const settingTried = "write-tried"

// writable fails as writing does, and tries it only if the last write failed.
// What needs the register afterwards asks first: neither a consent nor a call
// is spent on what could not be written down.
func (c *Connector) writable(ctx context.Context) error {
	if c.Register.Unwritten() == nil {
		return nil
	}
	return c.Register.SaveSetting(ctx, settingTried, stamp(c.Now()))
}

// writeAgain lets what waits for the register go on as soon as it can be
// written again.
func (c *Connector) writeAgain(ctx context.Context) {
	if c.Register.Unwritten() == nil || c.writable(ctx) != nil {
		return
	}
	c.forgive()
	c.changed()
}

// backUp keeps a copy of the register, if one is due. That it did not work is
// nobody's trouble today.
func (c *Connector) backUp(ctx context.Context) {
	began := time.Now()
	made, err := c.Register.BackUp(ctx)
	switch {
	case err != nil:
		c.Log.Info("no backup", "code", backend.AsFailure(err).Code)
	case made:
		c.Log.Info("backup", "took", time.Since(began))
	}
}
