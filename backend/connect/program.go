package connect

import (
	"context"
	"sync"
	"sync/atomic"

	"bookring/backend"
	"bookring/backend/connect/view"
)

// Program is the life of the program behind the window: at most one open [Connector], for
// the real data or for the demo. Make a Program with [NewProgram].
type Program struct {
	open Open
	// opened is closed when the first Enter has a Connector or a failure.
	opened   chan struct{}
	first    sync.Once
	entering atomic.Bool

	mu        sync.Mutex
	connector *Connector
	end       func()
	broken    *backend.Failure
}

// Open opens the data and starts a Connector. End ends everything opened, also after a
// failure, and may be called twice.
type Open func(ctx context.Context, demo bool, notify func()) (c *Connector, end func(), err error)

// NewProgram returns a Program without open data.
func NewProgram(open Open) *Program {
	return &Program{open: open, opened: make(chan struct{}), end: func() {}}
}

// Enter closes the open data and opens the demo's data, or the real data. Calls of the
// window wait meanwhile. Notify tells the window of news. After a removal nothing is
// opened, because new files would stay behind.
func (p *Program) Enter(ctx context.Context, demo bool, notify func()) (err error) {
	defer Recover(&err)
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.first.Do(func() { close(p.opened) })
	p.entering.Store(true)
	defer p.entering.Store(false)
	if p.removed() {
		return nil
	}
	p.end()
	if p.removed() {
		return nil
	}
	p.connector, p.end = nil, func() {}
	p.broken = backend.AsFailure(p.openData(ctx, demo, notify))
	notify()
	return nil
}

// openData opens the data. A panic is a failure to open.
func (p *Program) openData(ctx context.Context, demo bool, notify func()) (err error) {
	defer Recover(&err)
	p.connector, p.end, err = p.open(ctx, demo, notify)
	return err
}

func (p *Program) removed() bool { return p.connector != nil && p.connector.Removed() }

// Close closes the open data.
func (p *Program) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end()
}

// MayClose reports whether the window may close now; see [Connector.MayClose].
func (p *Program) MayClose(quit func()) bool {
	select {
	case <-p.opened:
	default:
		return true
	}
	if p.entering.Load() {
		return true // the open data are being closed
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.connector == nil || p.broken != nil || p.connector.MayClose(func() { go recovered(quit) })
}

// Overview returns the overview, also of a program without a working start. Fails as
// [Connector.Overview].
func (p *Program) Overview(ctx context.Context, version string) (view.Overview, error) {
	o, err := Ask(p, func(c *Connector) (view.Overview, error) { return c.Overview(ctx) })
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken != nil {
		return view.Broken(p.broken, version), nil
	}
	return o, err
}

// Ask calls the open Connector and logs a failure. A panic becomes a failure, because Wails
// would leave the window waiting for ever.
func Ask[T any](p *Program, call func(*Connector) (T, error)) (answer T, err error) {
	defer Recover(&err)
	<-p.opened
	p.mu.Lock()
	c, broken := p.connector, p.broken
	p.mu.Unlock()
	if broken != nil {
		return answer, broken
	}
	answer, err = call(c)
	if err != nil {
		c.Note(err)
	}
	return answer, err
}

// recovered calls do and ends a panic of do.
func recovered(do func()) {
	var err error
	defer Recover(&err)
	do()
}

// Recover makes a failure of a panic.
func Recover(err *error) {
	if p := recover(); p != nil {
		*err = backend.Panicked(p)
	}
}
