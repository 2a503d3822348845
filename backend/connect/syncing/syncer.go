// Package syncing keeps the register and Xero in step, in both directions: checks bring
// Xero's lists into the register, and pending disconnects go from the register to Xero.
// Both directions share the sign-ins, the backoff and the order of calls, so one type,
// [Syncer], does both.
//
// A check asks Xero once for each sign-in: the list tells the state of all organisations
// of the sign-in (check.go, running.go; turns.go asks the next sign-in while one is slow;
// retry.go decides when, after a 429 too; renew.go renews sign-ins without a due call). A
// disconnect request is recorded first and sent afterwards, connection by connection, in
// this run or in a later one (disconnect.go, send.go).
// Revoking the sign-in instead would end every connection of the person; only a sign-in
// disconnected as a whole is revoked, after the last connection (revoke.go).
package syncing

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/task"

	"golang.org/x/sync/semaphore"
)

// Ports are the parts outside the room. main.go sets Register, connect.New the others.
type Ports struct {
	Xero     xero
	Limits   limits
	Register register
	SignIns  signIns
	Recorder recorder
	Details  details
	// Prompting reports a keychain that waits for the user.
	Prompting func() bool
	// GoOnAfter, if not zero, replaces the time for one sign-in before the next is asked too.
	GoOnAfter time.Duration
}

// xero ends a connection: DELETE /connections/{id}. A connection unknown to Xero counts
// as ended.
type xero interface {
	Disconnect(ctx context.Context, token backend.Token, connectionID string) error
}

// limits knows Xero's limits; limits.Limits does. Held returns the failure of a call through
// a connection of an app during a limit, or nil; "" is a call through no connection.
type limits interface {
	Held(app, connectionID string) *backend.Failure
}

// register is the database; sqlite.Register documents the methods.
type register interface {
	SignIns(ctx context.Context) ([]backend.SignIn, error)
	EndedToRevoke(ctx context.Context) ([]backend.SignIn, error)
	PendingDisconnects(ctx context.Context, key backend.SignInKey) (backend.PendingDisconnects, error)
	DisconnectEffects(ctx context.Context, r backend.DisconnectRequest) ([]backend.DisconnectEffect, string, error)
	RequestDisconnect(ctx context.Context, r backend.DisconnectRequest, at time.Time) error
	CancelDisconnect(ctx context.Context, organisationID string, at time.Time) (reached bool, err error)
}

// signIns hands out access tokens; renewal.Keeper does.
type signIns interface {
	Call(ctx context.Context, s backend.SignIn, do func(backend.Token) error) error
	Token(ctx context.Context, s backend.SignIn) (backend.Token, error)
	Renew(ctx context.Context, s backend.SignIn) error
	Resume(ctx context.Context, s backend.SignIn) (interrupted bool, err error)
	InDoubt(key backend.SignInKey) (within time.Duration, inDoubt bool)
	Ready(s backend.SignIn) bool
}

// recorder records Xero's answers; record.Recorder does. A method returns what the
// record has shown, as a [backend.CheckResult].
type recorder interface {
	Check(ctx context.Context, s backend.SignIn) (backend.CheckResult, error)
	Failed(ctx context.Context, s backend.SignIn, err error) (backend.CheckResult, error)
	MarkUnchecked(ctx context.Context, rest []backend.SignIn, code backend.Code) ([]backend.SignInKey, error)
	Remaining(ctx context.Context, s backend.SignIn) ([]backend.Connection, *backend.CheckResult, error)
	Disconnected(ctx context.Context, s backend.SignIn, connectionID string) error
	Revoke(ctx context.Context, s backend.SignIn) error
}

// details reads the organisations' details after the lists; details.Reader does.
type details interface {
	Add(key backend.SignInKey)
	Suspend()
	Resume()
}

// Events are the calls out of the room, never made under mu. Rows, Requested and Revoked can
// come while sending is held.
type Events struct {
	// Rows reports changed rows of the list, Progress a changed [Progress].
	Rows, Progress func()
	// Checked reports the end of a check: sign-ins can have been renewed.
	Checked func()
	// Requested reports a recorded or cancelled disconnect request: a restored older
	// backup would undo the request, so a new backup is due.
	Requested func(ctx context.Context)
}

// Syncer checks and disconnects. Make a Syncer with [New].
type Syncer struct {
	Ports
	running
	events Events
	clock  task.Clock
	tasks  *task.Group
	log    *slog.Logger
	turns  turns

	// sending lets one task after the other send pending disconnects. A task takes
	// sending before the recorder's mutex.
	sending *semaphore.Weighted
	// checks is the backoff of checks, disconnects of sending, ages of renewals for age.
	checks, disconnects, ages retry.Schedule[backend.SignInKey]
	// lasting follows the failures of whole checks, and of the register.
	lasting retry.Lasting[string]

	mu sync.Mutex
	// failedAt is the time of the last failure of a check, lastFailed the sign-in of the
	// last shared failure.
	failedAt   time.Time
	lastFailed backend.SignInKey
}

// New returns a Syncer.
func New(p Ports, e Events, clock task.Clock, tasks *task.Group, log *slog.Logger) *Syncer {
	return &Syncer{
		Ports: p, events: e, clock: clock, tasks: tasks, log: log, turns: newTurns(p, tasks.Try),
		sending: semaphore.NewWeighted(1),
	}
}

// Progress returns the check as it goes on, and the time of the last failure since the
// program's start, or zero.
func (s *Syncer) Progress() (p Progress, failedAt time.Time) {
	s.running.count(func(now *Progress) { p = *now })
	s.mu.Lock()
	defer s.mu.Unlock()
	return p, s.failedAt
}

// signInsWithWork returns the living sign-ins, and the ended ones with a pending revocation.
func (s *Syncer) signInsWithWork(ctx context.Context) ([]backend.SignIn, error) {
	living, err := s.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	ended, err := s.Register.EndedToRevoke(ctx)
	if err != nil {
		return nil, err
	}
	return append(living, ended...), nil
}

// living returns the sign-in with the given ID. Fails with SignInEnded for an ended or
// unknown sign-in.
func (s *Syncer) living(ctx context.Context, id string) (backend.SignIn, error) {
	all, err := s.Register.SignIns(ctx)
	if err != nil {
		return backend.SignIn{}, err
	}
	for _, signIn := range all {
		if signIn.String() == id {
			return signIn, nil
		}
	}
	return backend.SignIn{}, backend.Fail(backend.SignInEnded, "", nil)
}
