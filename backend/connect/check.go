package connect

import (
	"context"
	"time"

	"bookring/backend"
)

// The intervals of checking. A check of one sign-in is one call to Xero, which
// tells the state of all its organisations.
const (
	checkInterval   = 24 * time.Hour
	forwardInterval = time.Hour
	backUpInterval  = time.Hour // how often it is looked whether a backup is due
)

// CheckNow asks Xero, for every sign-in, how its organisations stand, and
// returns at once; [Overview.Check] says how it goes on. A check that runs, or is
// being stopped, goes first, and what it leaves unasked comes after it. Until a
// limit of Xero's is over nothing is asked. It fails as writing the register
// does: what Xero says could not be written down.
func (c *Connector) CheckNow(ctx context.Context) error {
	if err := c.writable(ctx); err != nil {
		return err
	}
	if c.askAgain() {
		c.hastenCheck()
		return nil // its end begins the reading of details, too
	}
	c.look(0)
	return nil
}

// CameForward is told that the person looks at the window again: what was
// checked more than an hour ago is checked anew.
func (c *Connector) CameForward() { c.look(forwardInterval) }

// StopCheck ends a check that runs, and the reading of details. What it has
// found stays, and the rest is not asked for by itself for an hour.
func (c *Connector) StopCheck() {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopCheck != nil {
		c.stopCheck()
	}
	c.asked = false
	c.details.stopReading(now)
}

// look begins whatever is due, for a person who waits.
func (c *Connector) look(age time.Duration) {
	if c.Opening.ReadOnly != nil {
		return
	}
	c.beginCheck(age)
	c.beginDetails()
}

// beginCheck checks the sign-ins whose last check is at least so old, for a
// person who waits: one that goes on already does not take its time any more.
func (c *Connector) beginCheck(age time.Duration) {
	c.hastenCheck()
	c.checkDue(age, false)
}

// hastenCheck lets a check that runs take its time no more.
func (c *Connector) hastenCheck() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hasten != nil {
		c.hasten()
	}
}

// checkDue is beginCheck; quietly is one that nobody asked for.
func (c *Connector) checkDue(age time.Duration, quietly bool) {
	ctx, done, begun := c.work.begin(context.Background())
	if !begun {
		return
	}
	signIns := c.dueNow(ctx, age)
	c.mu.Lock()
	if len(signIns) == 0 || c.stopCheck != nil {
		if c.stopCheck != nil && age == 0 && !quietly { // begun since it was asked for
			c.asked = true
			c.hasten()
		}
		c.mu.Unlock()
		done()
		return
	}
	running, unhurried := c.checks(ctx, signIns)
	c.mu.Unlock()
	c.Notify()
	go func() {
		defer done()
		defer c.work.spawn(context.Background(), c.tellEndings) // of what it could not renew
		for len(signIns) > 0 {
			c.checkAll(running, unhurried, signIns, quietly)
			signIns, running, unhurried = c.checkAsked(ctx)
			quietly = false
		}
	}()
}

// dueNow is due, with nothing due where that cannot be read.
func (c *Connector) dueNow(ctx context.Context, age time.Duration) []backend.SignIn {
	signIns, err := c.due(ctx, age)
	if err != nil {
		c.Log.Info("check not begun", "code", backend.AsFailure(err).Code)
	}
	return signIns
}

// checks says that sign-ins are being checked, until running ends, and unhurried
// as long as nobody waits for it. The lock is held.
func (c *Connector) checks(ctx context.Context, signIns []backend.SignIn) (running, unhurried context.Context) {
	running, c.stopCheck = context.WithCancel(ctx)
	unhurried, c.hasten = context.WithCancel(running)
	c.check, c.began = Check{Running: true, Total: len(signIns), Details: c.check.Details}, c.Now()
	return running, unhurried
}

// checkAsked is what follows a check: another one, of what it has not checked
// although a person asked for that meanwhile, or the end, with no sign-ins.
func (c *Connector) checkAsked(ctx context.Context) (signIns []backend.SignIn, running, unhurried context.Context) {
	defer c.Notify()
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.asked {
		c.asked = false
		since := c.Now().Sub(c.began) + time.Millisecond // the register knows no finer
		running, unhurried = c.checks(ctx, nil)          // from now on it is this one that is stopped
		c.mu.Unlock()
		signIns = c.dueNow(running, since)
		c.mu.Lock()
		if len(signIns) > 0 && running.Err() == nil {
			c.check.Total = len(signIns)
			return signIns, running, unhurried
		}
	}
	c.stopCheck, c.hasten, c.check = nil, nil, Check{Details: c.check.Details}
	c.beginOwed()
	return nil, nil, nil
}

// checkAll checks one sign-in after the other, so that a keychain that asks the
// person something asks once. A check that nobody asked for takes its time until
// unhurried ends.
func (c *Connector) checkAll(ctx, unhurried context.Context, signIns []backend.SignIn, quietly bool) {
	ended := c.logCheck(signIns, quietly)
	for i, s := range signIns {
		if i > 0 && quietly {
			c.space(unhurried, len(signIns))
		}
		err := c.checkOne(ctx, s)
		if ctx.Err() != nil { // by a person, who does not want it to begin again
			c.putOff(signIns[i:], forwardInterval)
			err = ctx.Err()
		}
		if err != nil {
			c.spare(ctx, signIns[i+1:], err)
			ended(i, err)
			return
		}
		c.change(func() { c.check.Done = i + 1 })
	}
	ended(len(signIns), nil)
}
