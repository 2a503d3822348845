// Package task runs background work and ends the work at shutdown. [Group]
// cancels and awaits running tasks. [Clock] tells and passes time, in tests too.
package task

import (
	"context"
	"sync"
	"time"

	"bookring/backend"
)

// DefaultGrace is the shutdown grace period of a [Group] without another.
const DefaultGrace = 5 * time.Second

// Group is the set of running tasks. [Group.Close] cancels every task and waits
// for the end of all tasks. The zero value is ready for use.
type Group struct {
	// Grace is the shutdown grace period, shared by all tasks of the group. Zero
	// means [DefaultGrace]. Set Grace before the first task.
	Grace time.Duration
	// Panicked, if not nil, takes the failure of every panic in a task. Set Panicked before
	// the first task.
	Panicked func(f *backend.Failure)

	mu       sync.Mutex
	closed   bool
	closedAt time.Time
	number   int
	cancels  map[int]context.CancelFunc
	running  sync.WaitGroup
}

// Begin starts a task unless the group is closed. The task's context ends with
// parent and with Close. The caller must call done at the end of the task.
func (g *Group) Begin(parent context.Context) (ctx context.Context, done func(), begun bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, nil, false
	}
	ctx, cancel := context.WithCancel(parent)
	if g.cancels == nil {
		g.cancels = map[int]context.CancelFunc{}
	}
	g.number++
	number := g.number
	g.cancels[number] = cancel
	g.running.Add(1)
	return ctx, func() {
		cancel()
		g.mu.Lock()
		delete(g.cancels, number)
		g.mu.Unlock()
		g.running.Done()
	}, true
}

// Go runs a task in a goroutine of its own unless the group is closed.
func (g *Group) Go(parent context.Context, task func(ctx context.Context)) {
	ctx, done, begun := g.Begin(parent)
	if !begun {
		return
	}
	g.Spawn(func() {
		defer done()
		task(ctx)
	})
}

// Spawn runs a part of a task in a goroutine of its own. The part must call done of the
// task in a deferred call, or the task must wait for the part.
func (g *Group) Spawn(part func()) {
	go func() {
		_ = g.Try(func() error { part(); return nil })
	}()
}

// Try calls do. A panic of do becomes a failure with [backend.ErrPanic].
func (g *Group) Try(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			f := backend.Panicked(p)
			if err = f; g.Panicked != nil {
				g.Panicked(f)
			}
		}
	}()
	return do()
}

// Close cancels every task, returns after the last task has ended, and refuses
// new tasks from then on.
func (g *Group) Close() {
	g.mu.Lock()
	if !g.closed {
		g.closed, g.closedAt = true, time.Now()
	}
	for _, cancel := range g.cancels {
		cancel()
	}
	g.mu.Unlock()
	g.running.Wait()
}

// Extend returns a context for a step that should not be cut off: longer ends
// one shutdown grace period after ctx. After Close the period counts from Close.
// The caller must call release.
func (g *Group) Extend(ctx context.Context) (longer context.Context, release func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		_ = g.Try(func() error { time.AfterFunc(g.graceLeft(), cancel); return nil })
	})
	return longer, func() { stop(); cancel() }
}

// graceLeft returns the rest of the shutdown grace period, or all of it before Close.
func (g *Group) graceLeft() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	left := g.Grace
	if left == 0 {
		left = DefaultGrace
	}
	if g.closed {
		left -= time.Since(g.closedAt)
	}
	return left
}
