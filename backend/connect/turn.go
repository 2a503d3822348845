package connect

import (
	"context"
	"sync"
)

// turn is a lock that goes to whoever has waited for longest, and for which nobody
// has to wait who does not want to any more. The zero value is open.
type turn struct {
	once sync.Once
	held chan struct{} // holds one while somebody has the turn
}

// enter waits for the turn, at most until ctx ends; whoever gets it must Unlock.
func (t *turn) enter(ctx context.Context) error {
	t.once.Do(func() { t.held = make(chan struct{}, 1) })
	select {
	case t.held <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Lock waits for the turn, however long that takes.
func (t *turn) Lock() { _ = t.enter(context.Background()) }

// Unlock lets the next one in.
func (t *turn) Unlock() { <-t.held }
