package syncing

import (
	"context"
	"sync"
	"time"

	"bookring/backend"
)

// Progress is a check as it goes on, counted in sign-ins.
type Progress struct {
	Running     bool
	Done, Total int
}

// check is a check of sign-ins, ended by ctx. Spaced ends when a user waits: the sign-ins
// then follow without a pause.
type check struct {
	ctx, spaced context.Context
	signIns     []backend.SignIn
}

// running is the running check, one at a time. The zero value is ready.
type running struct {
	mu          sync.Mutex
	stop, hurry context.CancelFunc // nil while no check runs
	progress    Progress
	began       time.Time
	// wanted: the user has asked for a check during the running check.
	wanted bool
}

// Running reports a running check.
func (r *running) Running() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stop != nil
}

// Stop ends the running check. Recorded lists remain; the rest is not asked for an hour
// unless the user wants a check.
func (r *running) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil {
		r.stop()
	}
	r.wanted = false
}

// endSpacing ends the spacing of the running check, for a waiting user.
func (r *running) endSpacing() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hurry != nil {
		r.hurry()
	}
}

// want ends the backoff by reset, hurries the running check and asks it for another one, in
// one step. Follows reports a running check.
func (r *running) want(reset func()) (follows bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	reset()
	if r.wanted = r.stop != nil; r.wanted {
		r.hurry()
	}
	return r.wanted
}

// unlessWanted calls postpone, unless the user has a request not yet met. A request made
// meanwhile waits for the end of postpone and ends the backoff set by postpone.
func (r *running) unlessWanted(postpone func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.wanted {
		postpone()
	}
}

// begin begins a check of signIns, unless there are none or a check runs; at is the time.
// Wanted asks the running check for another one.
func (r *running) begin(ctx context.Context, signIns []backend.SignIn, wanted bool, at time.Time) (c check, begun bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil && wanted {
		r.wanted = true
		r.hurry()
	}
	if r.stop != nil || len(signIns) == 0 {
		return check{}, false
	}
	return r.startLocked(ctx, signIns, at), true
}

func (r *running) startLocked(ctx context.Context, signIns []backend.SignIn, at time.Time) (c check) {
	c.signIns = signIns
	c.ctx, r.stop = context.WithCancel(ctx)
	c.spaced, r.hurry = context.WithCancel(c.ctx)
	r.progress, r.began = Progress{Running: true, Total: len(signIns)}, at
	return c
}

// again ends the check, or begins another if the user wants one: c is then a check without
// sign-ins yet, for the sign-ins unasked since began.
func (r *running) again(ctx context.Context, at time.Time) (c check, began time.Time, begun bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.wanted {
		r.stop, r.hurry = nil, nil
		return check{}, time.Time{}, false
	}
	r.wanted, began = false, r.began
	return r.startLocked(ctx, nil, at), began, true
}

// count changes the progress shown.
func (r *running) count(change func(p *Progress)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.progress)
}

// abandon ends a check that cannot go on.
func (r *running) abandon() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil {
		r.stop()
	}
	r.stop, r.hurry, r.wanted = nil, nil, false
}

// hide ends the progress shown, unless another check has begun.
func (r *running) hide() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop == nil {
		r.progress = Progress{}
	}
}
