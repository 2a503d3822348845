// Package record brings Xero's answers into the register, one answer at a time.
// [Recorder] asks for Xero's list of connections and records the list, the failure to
// read the list, a confirmed disconnect, or a revoked sign-in. Sign-ins, checks,
// disconnects and the removal all record through the same Recorder.
//
// Two orders hold. An older list never overwrites a newer list: one mutex covers the
// comparison and the write. A connection ended while a list is under way does not
// return with the list.
package record

import (
	"context"
	"log/slog"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/task"

	"golang.org/x/sync/semaphore"
)

// Ports are the parts outside the room. connect.New sets Xero, SignIns, Listed and Revoked,
// main.go the adapters.
type Ports struct {
	Xero     xero
	Register register
	SignIns  signIns
	// Listed reports the changes of a list recorded by a check, and the time of the question:
	// an older pending grant of the sign-in has nothing left to read.
	Listed func(key backend.SignInKey, asked time.Time, changes backend.Changes)
	// Revoked reports a revoked sign-in before the register records the end: a pending
	// grant of the sign-in must not bring a row without a credential.
	Revoked func(backend.SignInKey)
}

// xero lists the connections of a token: GET /connections, in Xero's order, of every
// type.
type xero interface {
	Connections(ctx context.Context, token backend.Token) (backend.List, error)
}

// signIns hands out access tokens and takes credentials; renewal.Keeper does.
type signIns interface {
	Call(ctx context.Context, s backend.SignIn, do func(backend.Token) error) error
	Adopt(ctx context.Context, g backend.Grant) (sessionOnly bool, err error)
	Revoke(ctx context.Context, s backend.SignIn) error
	RevokeOnly(ctx context.Context, s backend.SignIn) error
}

// register is the database; sqlite.Register documents the methods.
type register interface {
	Reconcile(ctx context.Context, s backend.SignIn, list backend.List, at time.Time) (backend.Changes, error)
	SignIns(ctx context.Context) ([]backend.SignIn, error)
	AllSignIns(ctx context.Context) ([]backend.SignIn, error)
	Unreached(ctx context.Context) ([]backend.Unreached, error)
	SaveTrouble(ctx context.Context, keys []backend.SignInKey, trouble backend.Code) error
	EndSignIn(ctx context.Context, key backend.SignInKey, why backend.Ending, at time.Time) error
	PendingDisconnects(ctx context.Context, key backend.SignInKey) (backend.PendingDisconnects, error)
	MarkDisconnected(ctx context.Context, key backend.SignInKey, connectionID string, at time.Time) error
	MarkRevoked(ctx context.Context, key backend.SignInKey, at time.Time) error
}

// Recorder records Xero's answers. Make a Recorder with [New].
type Recorder struct {
	Ports
	clock task.Clock
	log   *slog.Logger
	name  func(backend.SignInKey) string
	// lasting follows the failed checks.
	lasting retry.Lasting[backend.SignInKey]

	// writing is the mutex of recording, first come, first served, and context-aware.
	writing  *semaphore.Weighted
	underWay underWay
	parts
}

// New returns a Recorder. Name gives the pseudonym of a sign-in in the log.
func New(p Ports, clock task.Clock, log *slog.Logger, name func(backend.SignInKey) string) *Recorder {
	return &Recorder{Ports: p, clock: clock, log: log, name: name, writing: semaphore.NewWeighted(1)}
}

// lock waits for the mutex of recording without a deadline: the calls of every holder have
// deadlines.
func (r *Recorder) lock() (unlock func()) {
	_ = r.writing.Acquire(context.Background(), 1)
	return func() { r.writing.Release(1) }
}

// Grant saves a new grant in the keychain, reads Xero's list and records the list, in
// the order keychain before register. A program stopped in between leaves a credential
// without a row, for the next sign-in or recall; never a row without a credential.
// Asked is the expected person, or nil. Grant sets g.Saved; a saved grant is not saved
// again, because a renewal since then is newer. NoOrganisation, an empty list, and
// XeroPartlyRead, a part of the list without a new organisation, come with the outcome;
// every other failure without one.
func (r *Recorder) Grant(ctx context.Context, g *backend.Grant, asked *backend.SignIn) (*backend.Outcome, error) {
	if err := r.writing.Acquire(ctx, 1); err != nil {
		return nil, backend.Fail(backend.Cancelled, "", err)
	}
	defer r.writing.Release(1)
	fresh := !g.Saved
	if fresh {
		sessionOnly, err := r.SignIns.Adopt(ctx, *g)
		g.SignIn.SessionOnly = sessionOnly
		if err != nil {
			return nil, err
		}
		g.Saved = true
	}
	list, err := r.listOf(ctx, g, fresh)
	if err != nil {
		return nil, err
	}
	changes, expected, err := r.compare(ctx, g.SignIn, list, asked)
	if err != nil {
		return nil, err
	}
	r.parts.set(g.SignIn.SignInKey, list.Part)
	o := &backend.Outcome{SignIn: g.SignIn, Changes: changes, Expected: expected, ClockSkew: g.ClockSkew, Part: list.Part}
	for _, c := range list.Connections {
		if c.Type != backend.OrganisationType {
			o.Others = append(o.Others, c)
		}
	}
	switch {
	case len(list.Connections) == 0 && !expected.Missed():
		return o, backend.Fail(backend.NoOrganisation, "", nil)
	case !list.Whole() && len(o.Added)+len(o.Reconnected) == 0:
		return o, partFailure(list.Part)
	}
	return o, nil
}

// listOf reads Xero's list for a grant. A grant saved earlier needs the newest access token:
// the first can have expired, and a sign-in revoked since must fail instead of leaving a row
// without a credential.
func (r *Recorder) listOf(ctx context.Context, g *backend.Grant, fresh bool) (list backend.List, err error) {
	if fresh {
		return r.Xero.Connections(ctx, g.Token)
	}
	err = r.SignIns.Call(ctx, g.SignIn, func(token backend.Token) (err error) {
		list, err = r.Xero.Connections(ctx, token)
		return err
	})
	return list, err
}

// Disconnected records a connection ended at Xero.
func (r *Recorder) Disconnected(ctx context.Context, s backend.SignIn, connectionID string) error {
	defer r.lock()()
	defer r.underWay.end(s.SignInKey, connectionID)
	return r.Register.MarkDisconnected(ctx, s.SignInKey, connectionID, r.clock.Now())
}

// Revoke revokes a sign-in with a pending revocation, at Xero, in the keychain and in
// the register, in this order: the next check repeats an interrupted revocation. A user
// who has signed in again meanwhile keeps the sign-in.
func (r *Recorder) Revoke(ctx context.Context, s backend.SignIn) error {
	defer r.lock()()
	pending, err := r.Register.PendingDisconnects(ctx, s.SignInKey)
	if err != nil || !pending.Revoke {
		return err
	}
	if err := r.SignIns.Revoke(ctx, s); err != nil {
		return err
	}
	r.Revoked(s.SignInKey)
	return r.Register.MarkRevoked(ctx, s.SignInKey, r.clock.Now())
}
