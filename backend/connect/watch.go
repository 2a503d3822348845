package connect

import (
	"context"
	"sync"
	"time"

	"bookring/backend/connect/details"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/syncing"
	"bookring/backend/connect/task"
)

const (
	// wakePatience is the time with a look every retry.Soonest after the program's start, the
	// computer's wake or a new network: the network can take a while.
	wakePatience = 2 * time.Minute
	// sleepSlack is the greatest delay of a look without a sleep of the computer.
	sleepSlack = time.Minute
	// upkeepInterval is the time between two looks for a due backup, and for work of Tidy.
	upkeepInterval = time.Hour
)

// watch does the background work at every due time, until ctx ends. A panic ends one look;
// the next look follows.
func (c *Connector) watch(ctx context.Context) {
	_ = c.tasks.Try(func() error {
		c.recovery.Begin(ctx)
		answered := c.syncer.Resume(ctx)
		c.rounds.Resume(ctx)
		if c.recovery.Recall(ctx, answered) {
			c.returning.look(ctx)
		}
		return nil
	})
	var w wake
	if c.config.Network != nil {
		c.tasks.Go(ctx, func(ctx context.Context) { c.config.Network(ctx, w.networkChanged) })
	}
	var upkept time.Time
	for first := true; ; first = false {
		now := c.clock.Now()
		if slept := w.look(now); slept > 0 {
			c.config.Log.Info("computer woke", "slept", slept)
			w.network = true
		}
		if w.network {
			networkBack(c.syncer, c.details)
		}
		if now.Sub(upkept).Abs() >= upkeepInterval {
			upkept = now
			c.tasks.Go(ctx, c.upkeep.tidyAndBackUp)
		}
		_ = c.tasks.Try(func() error {
			age := time.Duration(0) // the first look checks everything
			if !first {
				age = c.checkEvery(ctx)
			}
			if c.upkeep.mended(ctx) {
				c.reset()
				c.news.rows()
			}
			c.recovery.RecallAgain(ctx)
			c.look(ctx, age)
			return nil
		})
		c.tasks.Go(ctx, c.remindNow) // the system may ask the user for leave first
		if err := w.wait(ctx, c.clock); err != nil {
			return
		}
	}
}

// look begins the due work, without a waiting user.
func (c *Connector) look(ctx context.Context, age time.Duration) {
	if c.config.Opening.ReadOnly != nil {
		return
	}
	c.syncer.Check(age, true)
	c.details.Begin()
	c.syncer.RenewOld(ctx)
}

// networkBack ends the backoffs after failures of the network. Xero's limits still hold.
func networkBack(s *syncing.Syncer, d *details.Reader) {
	s.NetworkBack()
	d.NetworkBack()
}

// wake knows the program's start, the computer's last wake and the last change of the network.
type wake struct {
	last, woke time.Time
	pause      time.Duration // planned between the last look and the next
	network    bool          // the network had changed before the look

	mu      sync.Mutex
	changed bool               // the network has changed since the look
	end     context.CancelFunc // ends the wait; nil outside of a wait
}

// networkChanged ends a wait.
func (w *wake) networkChanged() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changed = true
	if w.end != nil {
		w.end()
	}
}

// wait passes the time until the next look, or until the network changes. Fails when ctx ends.
func (w *wake) wait(ctx context.Context, clock task.Clock) error {
	pausing, end := context.WithCancel(ctx)
	defer end()
	w.mu.Lock()
	if w.end = end; w.changed {
		end()
	}
	w.mu.Unlock()
	_ = clock.Pause(pausing, w.pause)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.network, w.changed, w.end = w.changed, false, nil
	return ctx.Err()
}

// look notes a look and returns the length of the computer's sleep before the look, or 0.
// The wall clock counts, because the monotonic clock can stand still during a sleep.
func (w *wake) look(now time.Time) (slept time.Duration) {
	now = now.Round(0)
	late := now.Sub(w.last) - w.pause
	switch {
	case w.last.IsZero(), w.network:
		w.woke = now
	case late > sleepSlack:
		w.woke, slept = now, late
	}
	w.last, w.pause = now, retry.Interval
	if since := now.Sub(w.woke); since >= 0 && since < wakePatience {
		w.pause = retry.Soonest
	}
	return slept
}
