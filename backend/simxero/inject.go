package simxero

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Injected is a running fault.
type Injected struct {
	owner    *faults
	endpoint Endpoint
	draw     func() Fault
	times    int
	met      int
	more     chan struct{} // closed and replaced when met grows
	stopped  bool
	released chan struct{}
	once     sync.Once
}

// Met returns the number of requests that have met the fault.
func (i *Injected) Met() int {
	i.owner.mu.Lock()
	defer i.owner.mu.Unlock()
	return i.met
}

// Await waits until n requests have met the fault. Await fails only if ctx ends first.
func (i *Injected) Await(ctx context.Context, n int) error {
	return await(ctx, n, func() (int, <-chan struct{}) {
		i.owner.mu.Lock()
		defer i.owner.mu.Unlock()
		return i.met, i.more
	})
}

// Release lets the held requests continue, and all later requests.
func (i *Injected) Release() { i.once.Do(func() { close(i.released) }) }

// Stop ends the fault and releases the held requests.
func (i *Injected) Stop() {
	i.owner.mu.Lock()
	i.stopped = true
	i.owner.mu.Unlock()
	i.Release()
}

// faults holds the running faults. The faults have a separate lock, because a held request must not block handlers.
type faults struct {
	mu     sync.Mutex
	active []*Injected
}

// Fail starts a fault at an endpoint. A request meets the oldest fault of the endpoint with uses left.
func (fs *faults) Fail(e Endpoint, f Fault) *Injected {
	return fs.start(e, f.Times, func() Fault { return f })
}

// FailAtRandom draws a fault for each request to an endpoint. Calls of draw never overlap. The zero Fault has no
// effect. See [Server.Fail] for several faults at one endpoint.
func (fs *faults) FailAtRandom(e Endpoint, draw func() Fault) *Injected { return fs.start(e, 0, draw) }

func (fs *faults) start(e Endpoint, times int, draw func() Fault) *Injected {
	i := &Injected{
		owner: fs, endpoint: e, draw: draw, times: times, more: make(chan struct{}), released: make(chan struct{}),
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = append(fs.active, i)
	return i
}

// Heal stops every fault.
func (fs *faults) Heal() {
	fs.mu.Lock()
	all := slices.Clone(fs.active)
	fs.mu.Unlock()
	for _, i := range all {
		i.Stop()
	}
}

// met is the fault of one request.
type met struct {
	Fault
	released <-chan struct{}
}

func (fs *faults) take(e Endpoint) met {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = slices.DeleteFunc(fs.active, func(i *Injected) bool { return i.stopped })
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

// wait waits for the release if hold is set, else for the delay. The result is false if the server closes or the
// client gives up first.
func (m met) wait(closing, client context.Context, delay time.Duration, hold bool) bool {
	var elapsed <-chan time.Time
	released := m.released
	switch {
	case hold:
	case delay > 0:
		timer := time.NewTimer(delay)
		defer timer.Stop()
		elapsed, released = timer.C, nil
	default:
		return true
	}
	select {
	case <-released:
		return true
	case <-elapsed:
		return true
	case <-client.Done():
		return false
	case <-closing.Done():
		return false
	}
}
