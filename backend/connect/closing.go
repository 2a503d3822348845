package connect

import (
	"context"
	"slices"
	"time"

	"bookring/backend"
)

// The phases of closing while a renewed key is not saved. Without one there is
// nothing to say, and nothing to ask.
const (
	ClosingSaving = "saving" // it is being saved
	ClosingAsking = "asking" // the person decides
)

// closePatience is how long closing waits for a key to be saved before the
// person is asked.
const closePatience = 5 * time.Second

// closing is the end that somebody wants. It is guarded by [Connector.mu].
type closing struct {
	phase  string
	agreed bool               // the person would rather lose a sign-in than wait
	stop   context.CancelFunc // ends the waiting
}

// MayClose reports whether the program may end now. If it may not, because a
// renewed key is in memory only, that is tried to be saved first: then quit is
// called, which leads here again, or after a few seconds the person is asked in
// the window.
func (c *Connector) MayClose(quit func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	// After a removal there is nothing left that saves, and nothing to save.
	if c.closing.agreed || c.removal.past || !c.unsaved.any() {
		return true
	}
	if c.closing.phase != "" {
		return false
	}
	ctx, stop := context.WithCancel(context.Background())
	c.closing = closing{phase: ClosingSaving, stop: stop}
	c.work.spawn(ctx, func(ctx context.Context) { c.saveAndQuit(ctx, quit) })
	c.work.spawn(ctx, c.askLater)
	c.Notify()
	return false
}

// saveAndQuit saves what is unsaved, however often that takes, and quits.
func (c *Connector) saveAndQuit(ctx context.Context, quit func()) {
	for c.pause(ctx, savePause) == nil {
		for _, key := range c.unsaved.keys() {
			_ = c.insistOnce(ctx, key) // it stays unsaved, which is seen below
		}
		if !c.unsaved.any() && ctx.Err() == nil {
			c.KeepOpen() // quit asks anew, and another key may be on its way by then
			quit()
			return
		}
	}
}

// askLater puts the question before the person.
func (c *Connector) askLater(ctx context.Context) {
	if c.pause(ctx, closePatience) != nil {
		return
	}
	c.change(func() {
		if c.closing.phase == ClosingSaving {
			c.closing.phase = ClosingAsking
		}
	})
}

// KeepOpen is the person's answer that the program shall go on.
func (c *Connector) KeepOpen() {
	c.change(func() {
		if c.closing.stop != nil {
			c.closing.stop()
		}
		c.closing = closing{}
	})
}

// CloseAnyway is the person's answer that the program shall end.
func (c *Connector) CloseAnyway() {
	c.KeepOpen()
	c.change(func() { c.closing.agreed = true })
}

// unsavedOf names the people whose renewed keys are not saved. The lock is held.
func (c *Connector) unsavedOf(signIns []backend.SignIn) []string {
	people, keys := []string{}, c.unsaved.keys()
	for _, s := range signIns {
		if slices.Contains(keys, s.SignInKey) {
			people = append(people, s.Name)
		}
	}
	return people
}
