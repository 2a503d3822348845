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

// step is a moment of a renewal: before or after a point.
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

// point is an action of a renewal; see package connect/renewal.
type point string

// The points, in order of time.
const (
	signInsRead point = "the sign-ins are read"
	locked      point = "the sign-in is locked"
	loaded      point = "the credential is read"
	markSaved   point = "the presented mark is saved"
	markStored  point = "the keyring stores the presented mark" // within the keyring
	presented   point = "the token is presented"
	requested   point = "the request is answered"
	nextSaved   point = "the next credential is saved"
	nextStored  point = "the keyring stores the next credential" // within the keyring
	unlocked    point = "the sign-in is unlocked"
	listed      point = "the list is read"
	reconciled  point = "the list is recorded"
)

func steps() (all []step) {
	for _, p := range []point{
		signInsRead, locked, loaded, markSaved, markStored, presented, requested, nextSaved, nextStored,
		unlocked, listed, reconciled,
	} {
		all = append(all, step{Point: p}, step{Point: p, After: true})
	}
	return all
}

// stop stops a copy at a step. The stopped copy sends a report and waits for a kill.
type stop struct{ armed atomic.Pointer[step] }

func (s *stop) at(where step) { s.armed.Store(&where) }

func (s *stop) reach(p point, after bool) {
	if where := s.armed.Load(); where != nil && *where == (step{p, after}) {
		reply(report{Stopped: true})
		exitWithParent()
	}
}

// around executes the action of a point between the two steps.
func around[T any](s *stop, p point, do func() (T, error)) (T, error) {
	s.reach(p, false)
	v, err := do()
	s.reach(p, true)
	return v, err
}

// plant installs the stop in the ports of a program.
func (s *stop) plant(c *program) {
	p := c.ports
	p.Register = stoppingRegister{p.Register, s}
	p.Keychain = stoppingKeychain{p.Keychain, s}
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

func (r stoppingRegister) Reconcile(ctx context.Context, s backend.SignIn, all backend.List, at time.Time) (backend.Changes, error) {
	return around(r.stop, reconciled, func() (backend.Changes, error) { return r.Register.Reconcile(ctx, s, all, at) })
}

type stoppingKeychain struct {
	rig.Keychain
	*stop
}

func (k stoppingKeychain) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	return around(k.stop, loaded, func() (backend.Credential, error) { return k.Keychain.Load(ctx, key) })
}

func (k stoppingKeychain) Save(ctx context.Context, c backend.Credential) error {
	p := markSaved
	if c.PresentedAt.IsZero() {
		p = nextSaved
	}
	_, err := around(k.stop, p, func() (any, error) { return nil, k.Keychain.Save(ctx, c) })
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

func (x stoppingXero) Connections(ctx context.Context, token backend.Token) (backend.List, error) {
	return around(x.stop, listed, func() (backend.List, error) { return x.Xero.Connections(ctx, token) })
}

// stoppingTransport stops at the HTTP request to the token endpoint.
type stoppingTransport struct {
	http.RoundTripper
	*stop
}

func (t stoppingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/token") {
		return t.RoundTripper.RoundTrip(r)
	}
	return around(t.stop, requested, func() (*http.Response, error) { return t.RoundTripper.RoundTrip(r) })
}
