package connect_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// panics are the ports of a program. A call of the method at panics, with a secret, if the
// call is about the person, or if no person is set.
type panics struct {
	rig.Authoriser
	rig.Xero
	rig.Keychain
	rig.Register
	at     atomic.Value // string
	userID string
}

// panicAt makes a method panic, or no method.
func (p *panics) panicAt(method string) { p.at.Store(method) }

const secretOfAPanic = "canary-in-a-panic"

func (p *panics) meet(method, userID string) {
	if p.at.Load() == method && (p.userID == "" || p.userID == userID) {
		panic(secretOfAPanic)
	}
}

func (p *panics) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	p.meet("Renew", key.UserID)
	return p.Authoriser.Renew(ctx, key, refresh)
}

func (p *panics) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	p.meet("Load", key.UserID)
	return p.Keychain.Load(ctx, key)
}

func (p *panics) Save(ctx context.Context, c backend.Credential) error {
	p.meet("Save", c.UserID)
	return p.Keychain.Save(ctx, c)
}

func (p *panics) Probe(ctx context.Context) error {
	p.meet("Probe", "")
	return p.Keychain.Probe(ctx)
}

func (p *panics) Reconcile(ctx context.Context, s backend.SignIn, list backend.List, at time.Time) (backend.Changes, error) {
	p.meet("Reconcile", s.UserID)
	return p.Register.Reconcile(ctx, s, list, at)
}

func (p *panics) SignIns(ctx context.Context) ([]backend.SignIn, error) {
	p.meet("SignIns", "")
	return p.Register.SignIns(ctx)
}

func (p *panics) BackUp(ctx context.Context) (bool, error) {
	p.meet("BackUp", "")
	return p.Register.BackUp(ctx)
}

func (p *panics) Connections(ctx context.Context, token backend.Token) (backend.List, error) {
	p.meet("Connections", "")
	return p.Xero.Connections(ctx, token)
}

func (p *panics) Details(ctx context.Context, token backend.Token, id string) (backend.Details, error) {
	p.meet("Details", "")
	return p.Xero.Details(ctx, token, id)
}

func (p *panics) Disconnect(ctx context.Context, token backend.Token, id string) error {
	p.meet("Disconnect", "")
	return p.Xero.Disconnect(ctx, token, id)
}

// panicking replaces the ports of a desk.
func panicking(d *desk) *panics {
	p := &panics{Authoriser: d.ports.Authoriser, Xero: d.ports.Xero, Keychain: d.ports.Keychain, Register: d.ports.Register}
	d.ports.Authoriser, d.ports.Xero, d.ports.Keychain, d.ports.Register = p, p, p, p
	return p
}

// faulty waits until the window shows a fault, and looks for the panic in the log.
func (d *desk) faulty() {
	d.t.Helper()
	d.until("the fault", func(o view.Overview) bool { return o.Faults > 0 })
	d.wait("the log", func() bool { return strings.Contains(d.logged(), "msg=panicked") })
	if log := d.logged(); strings.Contains(log, secretOfAPanic) || !strings.Contains(log, "panic_test.go") {
		d.t.Errorf("the log holds the secret, or not the place:\n%s", log)
	}
}

func TestAPanicInTheCheckOfOneSignInLeavesTheOthers(t *testing.T) {
	for _, at := range []string{"Renew", "Load", "Save", "Reconcile"} {
		t.Run(at, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			p := panicking(d)
			d.connect(sam, dunes)
			d.connect(jo, vets) // the newest sign-in is checked first
			d.checked()
			d.expire()
			p.userID = d.key(jo).UserID
			p.panicAt(at)
			d.check()
			d.faulty()
			d.status(dunes, backend.Connected)
			d.status(vets, backend.NotChecked)
			p.panicAt("")
			d.check() // no lock is held
			d.status(vets, backend.Connected)
		})
	}
}

func TestAPanicInBackgroundWorkIsShownAndTheWorkGoesOn(t *testing.T) {
	for at, begin := range map[string]func(d *desk){
		"SignIns":     (*desk).look,
		"Connections": (*desk).check,
		"BackUp":      func(d *desk) { d.disconnect(vets) },
		"Details":     func(d *desk) { d.connect(jo, fjord) },
		"Disconnect":  func(d *desk) { _, _ = d.Disconnect(d.t.Context(), d.ids(vets), false, false) },
	} {
		t.Run(at, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			p := panicking(d)
			d.connect(jo, vets)
			d.checked()
			if at == "SignIns" {
				d.Start(t.Context())
				d.checked()
			}
			d.advance(25 * time.Hour)
			p.panicAt(at)
			if at == "SignIns" {
				d.ticks <- struct{}{}
			} else {
				begin(d)
			}
			d.faulty()
			p.panicAt("")
			d.until("the end", func(o view.Overview) bool { return !o.Check.Running && !o.Check.Details.Running })
			d.check()
			d.connect(jo, builders)
			d.status(builders, backend.Connected)
		})
	}
}

func TestAPanicInARoundEndsTheRoundAndTheNextClickWorks(t *testing.T) {
	for _, at := range []string{"Probe", "Save", "Connections", "Reconcile"} {
		t.Run(at, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			p := panicking(d)
			p.panicAt(at)
			if at == "Probe" {
				d.Connect()
			} else {
				pageSays(t, d.allow(d.click(), jo, vets), "code")
			}
			same(t, "failure", d.failed().Code, string(backend.Unexpected))
			d.faulty()
			p.panicAt("")
			if at == "Probe" {
				d.connect(jo, vets)
			} else {
				d.Connect() // the pending grant, without the browser
				d.phase("done")
			}
			d.status(vets, backend.Connected)
		})
	}
	t.Run("Browse", func(t *testing.T) {
		d := launch(t, simxero.Demo()).skipPauses()
		browse := d.Rounds.Browse
		d.Rounds.Browse = func(string, func(error)) error { panic(secretOfAPanic) }
		d.Connect()
		same(t, "said", d.Shown().BrowserFailed, true)
		d.faulty()
		d.Rounds.Browse = browse
		d.connect(jo, vets)
	})
}

func TestEveryCallerOfAPanickingRenewalGetsAFailure(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	p := panicking(d)
	d.connect(jo, vets)
	p.panicAt("Renew")
	failed := make(chan error, 4)
	for range cap(failed) {
		go func() { _, err := d.RenewNow(context.Background(), d.key(jo).String()); failed <- err }()
	}
	for range cap(failed) {
		if err := <-failed; backend.CodeOf(err) != backend.Unexpected {
			t.Errorf("failed with %v", err)
		}
	}
	p.panicAt("")
	if _, err := d.renewNow(jo); err != nil {
		t.Error(err)
	}
}
