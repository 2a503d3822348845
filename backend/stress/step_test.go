package stress_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"bookring/backend"
	"bookring/backend/rig"
)

// step is a moment of a renewal: before or after one of its points.
type step struct {
	Point point
	After bool
}

func (s step) String() string {
	if s.After {
		return "after " + string(s.Point)
	}
	return "before " + string(s.Point)
}

// point is what a renewal does at a time, see renew.go.
type point string

// The points, in their order.
const (
	signInsRead point = "the sign-ins are read"
	locked      point = "the sign-in is locked"
	loaded      point = "the credential is read"
	markSaved   point = "the mark is saved"
	markKept    point = "the keychain keeps the mark" // seen by the keyring
	presented   point = "the token is presented"
	requested   point = "the request is answered"
	nextSaved   point = "the next credential is saved"
	nextKept    point = "the keychain keeps the next credential" // seen by the keyring
	unlocked    point = "the sign-in is unlocked"
	listed      point = "the list is read"
	reconciled  point = "the list is written down"
)

func steps() (all []step) {
	for _, p := range []point{
		signInsRead, locked, loaded, markSaved, markKept, presented, requested, nextSaved, nextKept,
		unlocked, listed, reconciled,
	} {
		all = append(all, step{Point: p}, step{Point: p, After: true})
	}
	return all
}

// stop stops a copy at a step, for good: it says so, and then waits to be killed.
type stop struct{ armed atomic.Pointer[step] }

func (s *stop) at(where step) { s.armed.Store(&where) }

func (s *stop) reach(p point, after bool) {
	if where := s.armed.Load(); where != nil && *where == (step{p, after}) {
		answer(report{Stopped: true})
		endWithParent()
	}
}

// around passes a point.
func around[T any](s *stop, p point, do func() (T, error)) (T, error) {
	s.reach(p, false)
	v, err := do()
	s.reach(p, true)
	return v, err
}

// watch stands behind the ports of a program.
func (s *stop) watch(c *program) {
	p := c.ports
	p.Register = stoppingRegister{p.Register, s}
	p.Keychain = stoppingVault{p.Keychain, s}
	p.Authoriser = stoppingAuthoriser{p.Authoriser, s}
	p.Xero = stoppingXero{p.Xero, s}
	lock := c.lock
	c.lock = func(ctx context.Context, key backend.SignInKey) (func(), error) {
		unlock, err := around(s, locked, func() (func(), error) { return lock(ctx, key) })
		return func() {
			s.reach(unlocked, false)
			unlock()
			s.reach(unlocked, true)
		}, err
	}
}

type stoppingRegister struct {
	rig.Register
	*stop
}

func (r stoppingRegister) SignIns(ctx context.Context) ([]backend.SignIn, error) {
	return around(r.stop, signInsRead, func() ([]backend.SignIn, error) { return r.Register.SignIns(ctx) })
}

func (r stoppingRegister) Reconcile(ctx context.Context, s backend.SignIn, all []backend.Connection, at time.Time) (backend.Changes, error) {
	return around(r.stop, reconciled, func() (backend.Changes, error) { return r.Register.Reconcile(ctx, s, all, at) })
}

type stoppingVault struct {
	rig.Keychain
	*stop
}

func (v stoppingVault) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	return around(v.stop, loaded, func() (backend.Credential, error) { return v.Keychain.Load(ctx, key) })
}

func (v stoppingVault) Save(ctx context.Context, c backend.Credential) error {
	p := markSaved
	if c.PresentedAt.IsZero() {
		p = nextSaved
	}
	_, err := around(v.stop, p, func() (any, error) { return nil, v.Keychain.Save(ctx, c) })
	return err
}

type stoppingAuthoriser struct {
	rig.Authoriser
	*stop
}

func (a stoppingAuthoriser) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	return around(a.stop, presented, func() (backend.Token, error) { return a.Authoriser.Renew(ctx, key, refresh) })
}

type stoppingXero struct {
	rig.Xero
	*stop
}

func (x stoppingXero) Connections(ctx context.Context, token backend.Token) ([]backend.Connection, error) {
	return around(x.stop, listed, func() ([]backend.Connection, error) { return x.Xero.Connections(ctx, token) })
}

// stoppingLine is the way to Xero.
type stoppingLine struct {
	http.RoundTripper
	*stop
}

func (l stoppingLine) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/token") {
		return l.RoundTripper.RoundTrip(r)
	}
	return around(l.stop, requested, func() (*http.Response, error) { return l.RoundTripper.RoundTrip(r) })
}
