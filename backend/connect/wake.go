package connect

import (
	"context"
	"time"

	"bookring/backend"
)

const (
	lookInterval = time.Minute // how often it is looked whether anything is due
	// soonInterval is that for wakePatience after the program was started or the
	// computer woke: the network may not be there yet.
	soonInterval = 5 * time.Second
	wakePatience = 2 * time.Minute
	// sleepSlack is what a look may be late without the computer having slept.
	sleepSlack = time.Minute
	// spreadOver is within which the sign-ins are checked that are checked
	// unasked, after a night most of all; spreadGap is the longest between two.
	spreadOver = 30 * time.Second
	spreadGap  = 3 * time.Second
)

// wake knows when the program last began, or the computer woke.
type wake struct {
	last, woke time.Time
	pause      time.Duration // that was to be between the last look and this one
}

// look notes a look, and returns for how long the computer slept before it; 0 if
// it did not. It goes by the wall, as the other clock may stand still meanwhile.
func (w *wake) look(now time.Time) (slept time.Duration) {
	now = now.Round(0)
	late := now.Sub(w.last) - w.pause
	switch {
	case w.last.IsZero():
		w.woke = now
	case late > sleepSlack:
		w.woke, slept = now, late
	}
	w.last, w.pause = now, lookInterval
	if since := now.Sub(w.woke); since >= 0 && since < wakePatience {
		w.pause = soonInterval
	}
	return slept
}

// watch checks when a check is due, until ctx ends.
func (c *Connector) watch(ctx context.Context) {
	c.readLoss(ctx)
	c.recall(ctx, c.takeUp(ctx))
	var w wake
	var tried time.Time
	for age := time.Duration(0); ; age = c.checkEvery(ctx) {
		now := c.Now()
		if slept := w.look(now); slept > 0 {
			c.Log.Info("computer woke", "slept", slept)
		}
		if now.Sub(tried).Abs() >= backUpInterval {
			tried = now
			c.work.spawn(ctx, c.backUp)
		}
		c.writeAgain(ctx)
		c.recallAgain(ctx)
		c.lookQuietly(ctx, age)
		c.work.spawn(ctx, c.tellEndings) // a system may ask the person for leave first
		if err := c.pause(ctx, w.pause); err != nil {
			return
		}
	}
}

// lookQuietly begins whatever is due by itself, and renews what no check has
// renewed for too long.
func (c *Connector) lookQuietly(ctx context.Context, age time.Duration) {
	if c.Opening.ReadOnly != nil {
		return
	}
	c.checkDue(age, true)
	c.beginDetails()
	c.renewOld(ctx)
}

// space waits between two sign-ins of a check that nobody asked for, out of so
// many, until somebody does.
func (c *Connector) space(unhurried context.Context, signIns int) {
	_ = c.pause(unhurried, min(spreadOver/time.Duration(signIns), spreadGap))
}

// renewOld renews the sign-ins for which half of their life has passed without a
// renewal, because their checks were put off for so long. Every other renewal
// is one that a call needs.
func (c *Connector) renewOld(ctx context.Context) {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return // the check says so
	}
	for _, s := range signIns {
		if !c.old(s) {
			continue
		}
		if _, err := c.token(ctx, s); err == nil {
			continue
		} else if c.recordCheck(ctx, s, nil, err) != nil {
			return
		}
	}
}

// old reports that a sign-in is to be renewed for its age, once an hour at most.
func (c *Connector) old(s backend.SignIn) bool {
	now := c.Now()
	if s.RenewedAt.IsZero() || now.Sub(s.RenewedAt) < backend.Lifetime/2 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopCheck != nil || c.oldTried[s.SignInKey].waits(now) { // a check renews it anyway
		return false
	}
	if c.oldTried == nil {
		c.oldTried = map[backend.SignInKey]later{}
	}
	c.oldTried[s.SignInKey] = later{from: now, at: now.Add(forwardInterval)}
	return true
}
