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
	"time"

	"bookring/backend"
	"bookring/backend/connect/task"
)

// Ports are the parts outside the room. main.go sets Xero, Register, TestKeychain, Files and
// Erase, connect.New the others.
type Ports struct {
	Xero     xero
	Register register
	SignIns  signIns
	Recorder recorder
	// TestKeychain holds the credentials of test servers, deleted with the real data; nil
	// for other data.
	TestKeychain interface {
		Empty(ctx context.Context) error
	}
	// TestServer is the address of the test server behind the data, or "".
	TestServer string
	// Demo and ReadOnly data cannot be removed.
	Demo     bool
	ReadOnly *backend.Failure
	// Files counts the files of the data. Erase closes and deletes them and returns the
	// leftovers.
	Files func() backend.FileCounts
	Erase func() []backend.Leftover
}

// xero ends a connection: DELETE /connections/{id}.
type xero interface {
	Disconnect(ctx context.Context, token backend.Token, connectionID string) error
}

// register is the database; sqlite.Register documents the methods.
type register interface {
	Reachable(ctx context.Context) ([]backend.ReachableOrganisations, error)
	Organisations(ctx context.Context, q backend.Query) (backend.Page, error)
	RequestDisconnect(ctx context.Context, r backend.DisconnectRequest, at time.Time) error
}

// signIns uses and deletes credentials; renewal.Keeper does.
type signIns interface {
	Call(ctx context.Context, s backend.SignIn, do func(backend.Token) error) error
	Keys(ctx context.Context) (keys []backend.SignInKey, damaged bool, err error)
	Delete(ctx context.Context, key backend.SignInKey) error
	Empty(ctx context.Context) error
	EmptySession(ctx context.Context)
}

// recorder reads Xero's lists and records disconnects; record.Recorder does.
type recorder interface {
	List(ctx context.Context, s backend.SignIn) ([]backend.Connection, error)
	Disconnected(ctx context.Context, s backend.SignIn, connectionID string) error
}

// Events are the calls out of the room, never made under the room's lock.
type Events struct {
	// Rows reports changed rows of the list, Progress a changed [Progress].
	Rows, Progress func()
	// Disconnecting precedes the disconnecting: rounds and checks end.
	Disconnecting func()
	// Halt precedes the deleting: all other work ends for good.
	Halt func()
	// Cancelled follows a cancelled removal: the list does not show its disconnects yet.
	Cancelled func(ctx context.Context)
}

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
	begun    bool // and neither stopped nor done
	deleting bool // the removal can no longer be cancelled
	closed   bool
	cancel   context.CancelFunc
	progress Progress
	receipt  Receipt // so far
}

// New returns a Removal.
func New(p Ports, e Events, clock task.Clock, tasks *task.Group, log *slog.Logger) *Removal {
	return &Removal{Ports: p, events: e, clock: clock, tasks: tasks, log: log}
}

// Begin begins the removal, in the background; [Removal.Progress] tells the rest.
// Disconnect first disconnects everything at Xero. If Xero does not confirm, the removal
// stops before anything is deleted, because the credentials are the only way to disconnect
// later. If the keychain does not delete, the removal stops too. Anyway goes on in both
// cases. Demo data and read-only data are not removed.
func (r *Removal) Begin(disconnect, anyway bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Demo || r.ReadOnly != nil || r.begun || r.closed || r.progress.Phase == Done {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.begun, r.cancel = true, cancel
	disconnect = disconnect && !r.deleting // without credentials nothing can be disconnected
	r.progress = Progress{Phase: Disconnecting}
	r.running.Go(func() {
		defer cancel()
		err := r.tasks.Try(func() error { r.run(ctx, disconnect, anyway); return nil })
		if err != nil { // a panic
			r.stop([]UndeletedCredential{{Code: backend.Unexpected}})
		}
	})
}

// Cancel ends the disconnecting, or a removal not confirmed by Xero. Confirmed disconnects
// remain, and nothing is deleted.
func (r *Removal) Cancel() {
	r.mu.Lock()
	phase := r.progress.Phase
	if r.begun && phase == Disconnecting {
		r.cancel()
	}
	r.mu.Unlock()
	if phase == Undecided {
		r.undo(context.Background())
	}
}

// KeepRest undoes a stopped removal without deletions, and reports the success: after
// deletions the data must be opened anew.
func (r *Removal) KeepRest() (complete bool) {
	if r.Deleting() {
		return false
	}
	r.undo(context.Background())
	return true
}

// undo ends a removal without deletions.
func (r *Removal) undo(ctx context.Context) {
	r.change(func() {
		r.begun, r.progress, r.receipt.DisconnectAsked, r.receipt.StillConnected = false, Progress{}, false, nil
	})
	r.events.Cancelled(ctx)
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
	if r.begun {
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

func (r *Removal) run(ctx context.Context, disconnect, anyway bool) {
	r.events.Progress()
	all, _, err := r.all(ctx)
	if ctx.Err() != nil && !r.Deleting() { // cancelled during the keychain's answer
		r.undo(context.WithoutCancel(ctx))
		return
	}
	if err != nil && !anyway {
		r.stop([]UndeletedCredential{{Code: backend.AsFailure(err).Code}})
		return
	}
	if disconnect {
		r.events.Disconnecting()
		confirmed, connected := r.disconnectAll(ctx, all)
		r.mu.Lock()
		r.receipt.DisconnectAsked, r.receipt.StillConnected = true, connected
		r.receipt.Disconnected += confirmed
		r.mu.Unlock()
		if ctx.Err() == nil && !anyway && slices.ContainsFunc(connected, StillConnected.retriable) {
			r.change(func() { r.begun, r.progress = false, Progress{Phase: Undecided, StillConnected: connected} })
			return
		}
	}
	if !r.commit(ctx) {
		r.undo(context.WithoutCancel(ctx))
		return
	}
	r.events.Halt()
	all, keys, _ := r.all(ctx) // a sign-in can have come meanwhile
	undeleted := r.deleteCredentials(ctx, all, keys)
	if ctx.Err() != nil || len(undeleted) > 0 && !anyway {
		r.stop(undeleted)
		return
	}
	r.deleteFiles(ctx, undeleted)
}

// commit enters the phase Deleting, unless the removal is cancelled.
func (r *Removal) commit(ctx context.Context) (committed bool) {
	r.change(func() {
		if committed = ctx.Err() == nil; committed {
			r.deleting, r.progress.Phase = true, Deleting
		}
	})
	return committed
}

func (r *Removal) stop(undeleted []UndeletedCredential) {
	r.change(func() { r.begun, r.progress = false, Progress{Phase: Stopped, Undeleted: undeleted} })
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
	r.change(func() { r.begun, r.progress = false, Progress{Phase: Done, Receipt: &receipt} })
}

func (r *Removal) warn(err error) {
	r.log.Warn("failed", "code", backend.CodeOf(err), "error", backend.AsFailure(err).Cause())
}
