package connect

import (
	"context"
	"time"

	"bookring/backend/connect/retry"
)

const (
	// wakeInterval replaces retry.Interval for wakePatience after the program's start or the
	// computer's wake: the network can take a while.
	wakeInterval = 5 * time.Second
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
	var upkept time.Time
	for first := true; ; first = false {
		now := c.clock.Now()
		if slept := w.look(now); slept > 0 {
			c.config.Log.Info("computer woke", "slept", slept)
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
		if err := c.clock.Pause(ctx, w.pause); err != nil {
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

// wake knows the program's start and the computer's last wake.
type wake struct {
	last, woke time.Time
	pause      time.Duration // planned between the last look and the next
}

// look notes a look and returns the length of the computer's sleep before the look, or 0.
// The wall clock counts, because the monotonic clock can stand still during a sleep.
func (w *wake) look(now time.Time) (slept time.Duration) {
	now = now.Round(0)
	late := now.Sub(w.last) - w.pause
	switch {
	case w.last.IsZero():
		w.woke = now
	case late > sleepSlack:
		w.woke, slept = now, late
	}
	w.last, w.pause = now, retry.Interval
	if since := now.Sub(w.woke); since >= 0 && since < wakePatience {
		w.pause = wakeInterval
	}
	return slept
}
