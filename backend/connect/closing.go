package connect

import (
	"context"
	"sync"
	"time"

	"bookring/backend/connect/removal"
	"bookring/backend/connect/renewal"
	"bookring/backend/connect/task"
)

// The phases of closing with an unsaved credential.
const (
	ClosingSaving = "saving"
	ClosingAsking = "asking" // the user decides
)

const (
	// savingPatience is the time of saving before the user is asked.
	savingPatience = 5 * time.Second
	// savingPause is the time between two tries to save.
	savingPause = time.Second
)

// closing keeps the program open while a renewed credential is in memory only.
type closing struct {
	keeper  *renewal.Keeper
	removal *removal.Removal
	tasks   *task.Group
	clock   task.Clock
	changed func()

	mu     sync.Mutex
	phase  string
	agreed bool               // the user would rather lose a sign-in than wait
	stop   context.CancelFunc // ends the waiting
}

// MayClose reports whether the program may end now. An unsaved credential is saved first:
// then quit is called, leading here again; or after a few seconds the window asks the user.
func (c *closing) MayClose(quit func()) bool {
	if c.removal.Deleting() || !c.unsaved() { // a removal leaves nothing to save
		return true
	}
	agreed, begun := c.begin(quit)
	if begun {
		c.changed()
	}
	return agreed
}

// begin begins the saving, unless the user has agreed to close or the saving has begun.
func (c *closing) begin(quit func()) (agreed, begun bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.agreed || c.phase != "" {
		return c.agreed, false
	}
	ctx, stop := context.WithCancel(context.Background())
	c.phase, c.stop = ClosingSaving, stop
	c.tasks.Go(ctx, func(ctx context.Context) { c.saveAndQuit(ctx, quit) })
	c.tasks.Go(ctx, c.ask)
	return false, true
}

func (c *closing) unsaved() bool {
	keys, _ := c.keeper.Unsaved()
	return len(keys) > 0
}

// saveAndQuit saves every unsaved credential, however many tries that takes, and quits.
func (c *closing) saveAndQuit(ctx context.Context, quit func()) {
	for c.clock.Pause(ctx, savingPause) == nil {
		c.keeper.RetrySaves(ctx)
		if !c.unsaved() && ctx.Err() == nil {
			c.end(false) // quit asks again, and another credential may be unsaved by then
			quit()
			return
		}
	}
}

// ask shows the question to the user after a while.
func (c *closing) ask(ctx context.Context) {
	if c.clock.Pause(ctx, savingPatience) != nil {
		return
	}
	c.mu.Lock()
	if c.phase == ClosingSaving {
		c.phase = ClosingAsking
	}
	c.mu.Unlock()
	c.changed()
}

// KeepOpen is the user's answer not to close.
func (c *closing) KeepOpen() { c.end(false) }

// CloseAnyway is the user's answer to end the program.
func (c *closing) CloseAnyway() { c.end(true) }

func (c *closing) end(agreed bool) {
	c.mu.Lock()
	if c.stop != nil {
		c.stop()
	}
	c.phase, c.stop, c.agreed = "", nil, agreed
	c.mu.Unlock()
	c.changed()
}

// closingPhase returns the phase of closing, or "".
func (c *closing) closingPhase() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phase
}
