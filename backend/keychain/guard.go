package keychain

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"bookring/backend"
)

const (
	// quick is the maximum duration of a call without a prompt.
	quick = 5 * time.Second
	// patience is the time for the user to answer the keychain's prompt.
	patience = 120 * time.Second
	// pulse is the time between two looks at the keychain's service during a long call.
	pulse = time.Second
)

// guard makes calls that may never return. A caller enters, makes one or more
// calls without calls of another caller in between, and leaves.
type guard struct {
	quick    time.Duration
	patience func() time.Duration
	waiting  func(bool)
	// service names the running keychain service, and abandon ends the calls to a service that
	// has ended. Nil means a system without the question.
	service func() (name string, known bool)
	abandon func()
	// turn holds one value while no caller has entered.
	turn chan struct{}
	// last is the last call if the end of the last call was not seen yet, or nil.
	last *call
}

// call is one call in a separate goroutine. The goroutine cannot be stopped and
// ends with the keychain's answer or with the program.
type call struct {
	began time.Time
	done  chan struct{}
	err   error // must not be read before done is closed
}

func newGuard() guard {
	turn := make(chan struct{}, 1)
	turn <- struct{}{}
	return guard{quick: quick, waiting: func(bool) {}, turn: turn}
}

// enter waits until no other caller has entered. The caller must call leave.
// Fails with Cancelled.
func (g *guard) enter(ctx context.Context) (leave func(), err error) {
	// If both were ready, select would choose at random.
	if ctx.Err() == nil {
		select {
		case <-g.turn:
			return func() { g.turn <- struct{}{} }, nil
		case <-ctx.Done():
		}
	}
	return nil, cancelled(ctx, "wait for the keychain")
}

// do calls f and returns f's result, with a sorted error. Fails with KeychainStuck
// after the time of patience, or with Cancelled if ctx ends. In both cases f
// continues, and the next do first waits for the end of f.
func do[T any](ctx context.Context, g *guard, doing string, f func() (T, error)) (T, error) {
	var result, none T
	err := g.run(ctx, doing, func() (err error) {
		result, err = f()
		return err
	})
	if err != nil {
		return none, err // f may still be writing the result
	}
	return result, nil
}

func (g *guard) run(ctx context.Context, doing string, f func() error) error {
	if ctx.Err() != nil {
		return cancelled(ctx, doing)
	}
	if g.last != nil {
		if err := g.wait(ctx, doing+": wait for an earlier call", g.last); err != nil {
			return err
		}
	}
	c := &call{began: time.Now(), done: make(chan struct{})}
	g.last = c
	go c.run(f)
	if err := g.wait(ctx, doing, c); err != nil {
		return err
	}
	return sorted(doing, c.err)
}

// wait waits for the end of c.
func (g *guard) wait(ctx context.Context, doing string, c *call) error {
	slow := time.NewTimer(time.Until(c.began.Add(g.quick)))
	defer slow.Stop()
	patience := g.patience()
	limit := time.NewTimer(time.Until(c.began.Add(patience)))
	defer limit.Stop()
	var look <-chan time.Time
	var asked string // the service of the call, or "" for a service that can be starting
	for {
		select {
		case <-c.done:
			g.last = nil
			return nil
		case <-ctx.Done():
			return cancelled(ctx, doing)
		case <-slow.C:
			g.waiting(true)
			defer g.waiting(false)
			if g.service != nil {
				ticker := time.NewTicker(pulse)
				defer ticker.Stop()
				look = ticker.C
				asked, _ = g.service()
			}
		case <-look:
			now, known := g.service()
			if known && asked != "" && now != asked && !c.over() { // the answer to the prompt will never come
				g.abandon()
			}
			if known {
				asked = now
			}
		case <-limit.C:
			if c.over() {
				continue
			}
			return stuck(doing, fmt.Errorf("no answer within %v", patience))
		}
	}
}

func (c *call) run(f func() error) {
	defer close(c.done)
	defer func() {
		if r := recover(); r != nil {
			c.err = panicked(r)
		}
	}()
	c.err = f()
}

func (c *call) over() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// errMalformed reports a panic of the library.
var errMalformed = errors.New("malformed answer")

// panicked returns an error for a panic. The error holds the text of a runtime
// error only, because another text could hold the credential.
func panicked(r any) error {
	if err, ok := r.(runtime.Error); ok {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return fmt.Errorf("%w: panic with %T", errMalformed, r)
}

func stuck(doing string, err error) error {
	return backend.Fail(backend.KeychainStuck, "", fmt.Errorf("%s: %w", doing, err))
}

func cancelled(ctx context.Context, doing string) error {
	return backend.Fail(backend.Cancelled, "", fmt.Errorf("%s: %w", doing, context.Cause(ctx)))
}
