// Package removal removes everything that Bookring stores on the computer. [Removal] goes
// in an order in which an early failure loses nothing: disconnect at Xero, if the user
// wants that; end all running work for good; delete the credentials; delete the files. The
// running program's own files go at its end.
package removal

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"bookring/backend"
	"bookring/backend/connect/task"
)

// Removal removes everything. Make a Removal with [New]. A removal is no task of the
// group, because the removal waits for the end of every task.
type Removal struct {
	Ports
	events Events
	clock  task.Clock
	tasks  *task.Group
	log    *slog.Logger

	running sync.WaitGroup

	mu       sync.Mutex
	deleting bool // credentials may have been deleted
	closed   bool // nothing begins any more
	cancel   context.CancelFunc
	progress Progress
	receipt  Receipt // so far
}

// New returns a Removal.
func New(p Ports, e Events, clock task.Clock, tasks *task.Group, log *slog.Logger) *Removal {
	return &Removal{Ports: p, events: e, clock: clock, tasks: tasks, log: log}
}

// Begin begins the removal, or goes on with a stopped removal, in the background;
// [Removal.Progress] tells the rest. From is the phase with the pressed button: Idle,
// Undecided or Stopped. A press from an earlier phase does nothing, because the user may
// have decided otherwise since. Disconnect first disconnects everything at Xero. If Xero
// does not confirm, the removal stops before anything is deleted, because the credentials
// are the only way to disconnect later. If the keychain does not delete, the removal stops
// too. Anyway goes on in both cases. Demo data and read-only data are not removed.
func (r *Removal) Begin(from string, disconnect, anyway bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Demo || r.ReadOnly != nil || r.closed || r.progress.Phase != from || !decides(from) {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	r.progress = Progress{Phase: Disconnecting}
	if r.deleting { // without credentials nothing can be disconnected
		r.progress.Phase, disconnect = Deleting, false
	}
	r.running.Go(func() {
		defer cancel()
		err := r.tasks.Try(func() error { r.run(ctx, disconnect, anyway); return nil })
		if err != nil { // a panic
			r.enter(ctx, Progress{Phase: Stopped, Undeleted: []UndeletedCredential{{Code: backend.Unexpected}}})
		}
	})
}

// Cancel ends the disconnecting, or a removal not confirmed by Xero. Confirmed disconnects
// remain, and nothing is deleted. Fails with RemovalUnderWay after the first deletion.
func (r *Removal) Cancel() (err error) {
	r.decide(func() (undone bool) {
		switch r.progress.Phase {
		case Idle: // cancelled already
		case Disconnecting:
			r.cancel()
		case Undecided:
			return true
		default:
			err = backend.Fail(backend.RemovalUnderWay, "", nil)
		}
		return false
	})
	return err
}

// KeepRest undoes a stopped removal. Reopen reports deletions: the data must be opened
// anew, and this Removal removes nothing any more. Fails with RemovalUnderWay in every
// other phase but Idle, because no other phase offers the button.
func (r *Removal) KeepRest() (reopen bool, err error) {
	r.decide(func() (undone bool) {
		switch {
		case r.progress.Phase == Idle: // kept already
		case r.progress.Phase != Stopped:
			err = backend.Fail(backend.RemovalUnderWay, "", nil)
		case r.deleting:
			reopen, r.closed = !r.closed, true
		default:
			return true
		}
		return false
	})
	return reopen, err
}

// decide takes a decision under the lock. An undone removal goes back to Idle, without
// deletions.
func (r *Removal) decide(decision func() (undone bool)) {
	r.mu.Lock()
	undone := decision()
	if undone {
		r.progress, r.receipt.DisconnectAsked, r.receipt.StillConnected = Progress{}, false, nil
	}
	r.mu.Unlock()
	r.events.Progress()
	if undone {
		r.events.Cancelled(context.Background())
	}
}

// UnderWay reports a removal not at its end: nothing may be connected any more.
func (r *Removal) UnderWay() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.progress.Phase != Idle
}

// Deleting reports that credentials may have been deleted.
func (r *Removal) Deleting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.deleting
}

// Done reports a complete removal: nothing may be created any more.
func (r *Removal) Done() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.progress.Phase == Done
}

// Progress returns the removal as it goes on.
func (r *Removal) Progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.progress
	p.StillConnected, p.Undeleted = slices.Clone(p.StillConnected), slices.Clone(p.Undeleted)
	return p
}

// Close cancels the removal and refuses new ones; Wait returns after its end.
func (r *Removal) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.cancel != nil {
		r.cancel()
	}
}

// Wait returns after the end of the removal.
func (r *Removal) Wait() { r.running.Wait() }

// change changes the progress and reports the change.
func (r *Removal) change(change func()) {
	r.mu.Lock()
	change()
	r.mu.Unlock()
	r.events.Progress()
}

// enter enters the next phase of a running removal. A removal cancelled before the
// deletions is undone instead.
func (r *Removal) enter(ctx context.Context, next Progress) (entered bool) {
	r.decide(func() (undone bool) {
		if ctx.Err() != nil && !r.deleting {
			return true
		}
		r.progress, entered = next, true
		r.deleting = r.deleting || next.Phase == Deleting
		return false
	})
	return entered
}

func (r *Removal) run(ctx context.Context, disconnect, anyway bool) {
	r.events.Progress()
	if disconnect { // no sign-in may come after the listing
		r.events.Disconnecting()
	}
	all, _, err := r.all(ctx)
	if err != nil && !anyway {
		r.enter(ctx, Progress{Phase: Stopped, Undeleted: []UndeletedCredential{{Code: backend.AsFailure(err).Code}}})
		return
	}
	if disconnect {
		connected := r.disconnectAll(ctx, all)
		r.change(func() { r.receipt.DisconnectAsked, r.receipt.StillConnected = true, connected })
		if !anyway && slices.ContainsFunc(connected, StillConnected.retriable) {
			r.enter(ctx, Progress{Phase: Undecided, StillConnected: connected})
			return
		}
	}
	if !r.enter(ctx, Progress{Phase: Deleting}) {
		return
	}
	r.events.Halt()
	all, keys, _ := r.all(ctx) // a sign-in can have come meanwhile
	undeleted := r.deleteCredentials(ctx, all, keys)
	if ctx.Err() != nil || len(undeleted) > 0 && !anyway {
		r.enter(ctx, Progress{Phase: Stopped, Undeleted: undeleted})
		return
	}
	r.deleteFiles(ctx, undeleted)
}

// deleteFiles deletes the files and writes the receipt.
func (r *Removal) deleteFiles(ctx context.Context, undeleted []UndeletedCredential) {
	r.mu.Lock()
	receipt := r.receipt
	r.mu.Unlock()
	receipt.At, receipt.Undeleted = r.clock.Now(), undeleted
	if page, err := r.Register.Organisations(ctx, backend.Query{Limit: 1}); err == nil {
		receipt.Organisations = page.Total
	}
	receipt.Files = r.Files()
	receipt.Leftovers = r.Erase()
	r.enter(ctx, Progress{Phase: Done, Receipt: &receipt})
}

func (r *Removal) warn(err error) {
	r.log.Warn("failed", "code", backend.CodeOf(err), "error", backend.AsFailure(err).Cause())
}
