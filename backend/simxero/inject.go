package simxero

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Injected is a fault that was switched on.
type Injected struct {
	owner    *faults
	endpoint Endpoint
	draw     func() Fault
	times    int
	met      int
	more     chan struct{} // closed and replaced whenever met grows
	off      bool
	released chan struct{}
	once     sync.Once
}

// Met returns how many requests have met the fault.
func (i *Injected) Met() int {
	i.owner.mu.Lock()
	defer i.owner.mu.Unlock()
	return i.met
}

// Await returns as soon as n requests have met the fault. It fails only if ctx
// ends first.
func (i *Injected) Await(ctx context.Context, n int) error {
	for {
		i.owner.mu.Lock()
		met, more := i.met, i.more
		i.owner.mu.Unlock()
		if met >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Release lets the requests go on that the fault holds, and all later ones.
func (i *Injected) Release() { i.once.Do(func() { close(i.released) }) }

// Stop switches the fault off and releases what it holds.
func (i *Injected) Stop() {
	i.owner.mu.Lock()
	i.off = true
	i.owner.mu.Unlock()
	i.Release()
}

// Fail switches a fault on at an endpoint. Of several faults at one endpoint
// the one switched on first is met until it is used up.
func (s *Server) Fail(e Endpoint, f Fault) *Injected {
	return s.fail(e, f.Times, func() Fault { return f })
}

// FailAtRandom lets every request to an endpoint draw its own fault, one at a
// time; the zero Fault is none. See [Server.Fail].
func (s *Server) FailAtRandom(e Endpoint, draw func() Fault) *Injected { return s.fail(e, 0, draw) }

func (s *Server) fail(e Endpoint, times int, draw func() Fault) *Injected {
	i := &Injected{
		owner: &s.faults, endpoint: e, draw: draw, times: times, more: make(chan struct{}), released: make(chan struct{}),
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.active = append(s.faults.active, i)
	return i
}

// Heal switches every fault off.
func (s *Server) Heal() {
	s.faults.mu.Lock()
	all := slices.Clone(s.faults.active)
	s.faults.mu.Unlock()
	for _, i := range all {
		i.Stop()
	}
}

type faults struct {
	mu     sync.Mutex
	active []*Injected
}

// met is a fault as one request meets it.
type met struct {
	Fault
	released <-chan struct{}
}

func (fs *faults) take(e Endpoint) met {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = slices.DeleteFunc(fs.active, func(i *Injected) bool { return i.off })
	for _, i := range fs.active {
		if !i.endpoint.covers(e) || i.times > 0 && i.met >= i.times {
			continue
		}
		i.met++
		close(i.more)
		i.more = make(chan struct{})
		return met{i.draw(), i.released}
	}
	return met{}
}

// wait delays or holds the request and reports whether it is still wanted.
func (m met) wait(closing, client context.Context) bool {
	var elapsed <-chan time.Time
	held := m.released
	switch {
	case m.Hold:
	case m.Delay > 0:
		timer := time.NewTimer(m.Delay)
		defer timer.Stop()
		elapsed, held = timer.C, nil
	default:
		return true
	}
	select {
	case <-held:
		return true
	case <-elapsed:
		return true
	case <-client.Done():
		return false
	case <-closing.Done():
		return false
	}
}
