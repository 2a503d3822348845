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
	// quick is how long an answer takes at most when nobody is asked anything.
	quick = 5 * time.Second
	// patience is how long a person may take to answer the keychain's question.
	patience = 120 * time.Second
)

// guard makes calls that may never return. Whoever wants to call enters, calls
// as often as needed, and leaves; so one person's calls follow each other.
type guard struct {
	quick    time.Duration
	patience func() time.Duration
	waiting  func(bool)
	// turn holds one value while nobody has entered.
	turn chan struct{}
	// last is the call whose end nobody has seen, or nil.
	last *call
}

// call is one call in a goroutine of its own. That goroutine cannot be ended
// from outside; it ends when the keychain answers, or with the program.
type call struct {
	began time.Time
	done  chan struct{}
	// text and err may be read once done is closed.
	text string
	err  error
}

func newGuard() guard {
	turn := make(chan struct{}, 1)
	turn <- struct{}{}
	return guard{quick: quick, waiting: func(bool) {}, turn: turn}
}

// enter waits for the turn of the caller, who must call leave at the end of it.
func (g *guard) enter(ctx context.Context) (leave func(), err error) {
	// With a turn to be had and ctx at its end, select would choose at random.
	if ctx.Err() == nil {
		select {
		case <-g.turn:
			return func() { g.turn <- struct{}{} }, nil
		case <-ctx.Done():
		}
	}
	return nil, cancelled(ctx, "wait for the keychain")
}

// do returns what f returns, its error sorted; or KeychainStuck once patience
// is over; or Cancelled when ctx ends. In the last two cases f goes on alone,
// and the next do first waits for its end.
func (g *guard) do(ctx context.Context, doing string, f func() (string, error)) (string, error) {
	if ctx.Err() != nil {
		return "", cancelled(ctx, doing)
	}
	if g.last != nil {
		if err := g.wait(ctx, doing+": wait for an earlier call", g.last); err != nil {
			return "", err
		}
	}
	c := &call{began: time.Now(), done: make(chan struct{})}
	g.last = c
	go c.run(f)
	if err := g.wait(ctx, doing, c); err != nil {
		return "", err
	}
	return c.text, sorted(doing, c.err)
}

// wait returns nil when c is over.
func (g *guard) wait(ctx context.Context, doing string, c *call) error {
	slow := time.NewTimer(time.Until(c.began.Add(g.quick)))
	defer slow.Stop()
	patience := g.patience()
	limit := time.NewTimer(time.Until(c.began.Add(patience)))
	defer limit.Stop()
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
		case <-limit.C:
			if c.over() {
				continue
			}
			return stuck(doing, fmt.Errorf("no answer within %v", patience))
		}
	}
}

func (c *call) run(f func() (string, error)) {
	defer close(c.done)
	defer func() {
		if r := recover(); r != nil {
			c.text, c.err = "", panicked(r)
		}
	}()
	c.text, c.err = f()
}

func (c *call) over() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// errMalformed is a call that the library did not survive.
var errMalformed = errors.New("malformed answer")

// panicked describes a panic. Only the runtime's own words are kept, for
// anything else could hold what was being stored.
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
