package connect_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// disconnectAllOf disconnects all that a person's sign-in reaches.
func (d *desk) disconnectAllOf(person string) view.DisconnectResult {
	d.t.Helper()
	gone, err := d.DisconnectSignIn(context.Background(), d.key(person).String())
	if err != nil {
		d.t.Fatal(err)
	}
	return gone
}

// isLetGo expects that nothing of a person's sign-in is left.
func (d *desk) isLetGo(person string) {
	d.t.Helper()
	if _, err := d.credential(person); !errors.Is(err, backend.ErrNoCredential) {
		d.t.Errorf("credential: %v", err)
	}
	live, err := d.ports.Register.SignIns(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	departing, err := d.ports.Register.EndedToRevoke(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, s := range append(live, departing...) {
		if s.Name == person {
			d.t.Errorf("still there: %+v", s)
		}
	}
}

func TestASignInIsLetGoWhenXeroListsNothingOfItAnyMore(t *testing.T) {
	d := three(t)
	d.connect(sam, builders)
	d.connect(jo, builders)
	plan, err := d.PlanDisconnectSignIn(t.Context(), d.key(jo).String())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "who", []any{plan.SignIn, plan.Count}, []any{jo, 4})
	same(t, "stays through the other", plan.Organisations[0], view.DisconnectEffect{
		ID: d.row(builders).ID, Name: builders, Through: []string{jo}, Ended: []string{}, Staying: []string{sam},
	})

	same(t, "gone", d.disconnectAllOf(jo), view.DisconnectResult{Count: 4, Staying: 1})
	same(t, "at Xero", d.told(), []string{jo + ": " + builders, jo + ": " + vets, jo + ": " + dunes, jo + ": " + fjord})
	revoked := d.xero.Requests(simxero.Revocation)
	same(t, "revocations", len(revoked), 1)
	last := d.xero.Requests(simxero.Disconnect, simxero.Revocation)
	same(t, "the last thing told", last[len(last)-1].Endpoint, simxero.Revocation)
	d.isLetGo(jo)
	d.status(vets, backend.Disconnected)
	d.status(builders, backend.Connected)
	d.check()
	d.status(builders, backend.Connected)
	same(t, "need attention", d.overview().Attention, 0)

	c, _ := d.connect(jo, vets)
	same(t, "and can sign in again", names(c.Reconnected), []string{vets})
	d.check()
	d.status(vets, backend.Connected)
	d.status(fjord, backend.Disconnected)
}

func TestASignInIsNotRevokedWhileXeroListsSomethingOfIt(t *testing.T) {
	d := three(t)
	d.offline()
	gone := d.disconnectAllOf(jo)
	same(t, "gone", gone, view.DisconnectResult{Count: 3, Pending: 3, RevokePending: true, Failed: gone.Failed})
	d.online()
	// Connected again meanwhile, at another computer: another connection.
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation(vets).ID)
	other := deskAt(t, d.xero).sit()
	other.connect(jo, vets)
	d.xero.Change(func(w *simxero.World) { w.Clients[0].RedirectAddresses = d.flow.RedirectAddresses() })
	d.check()
	d.check()
	d.neverRevoked()
	d.status(vets, backend.Connected)
	d.status(fjord, backend.Disconnected)
	d.status(dunes, backend.Disconnected)
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNoOrganisationGoesWithItsSignIn(t *testing.T) {
	w := simxero.Named("Ledger & Lane", "One")
	w.Organisations[0].Type = simxero.TypePractice
	d := sitDown(t, w).hurry()
	d.connect(jo, "Ledger & Lane")
	d.connect(jo, "One")
	d.disconnectAllOf(jo)
	same(t, "requests", d.deletes(), 2)
	d.isLetGo(jo)
}

func TestASignInThatHasEndedIsLetGoAtOnce(t *testing.T) {
	d := three(t)
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	d.expire()
	d.check()
	same(t, "gone", d.disconnectAllOf(jo), view.DisconnectResult{Count: 3, StillConnected: 3})
	d.isLetGo(jo)
	same(t, "requests", d.deletes(), 0)
	d.neverRevoked()
	same(t, "pending", d.row(vets).Pending, string(backend.PendingSignIn))
}

func TestASignInOfThisSessionOnlyIsLetGoWithoutAKeychain(t *testing.T) {
	d := newDesk(t, simxero.Demo()).hurry().sit()
	d.keychainFails("", backend.Fail(backend.KeychainMissing, "", nil))
	d.UseThisSessionOnly()
	d.connect(jo, vets)
	same(t, "gone", d.disconnectAllOf(jo), view.DisconnectResult{Count: 1})
	d.trouble.Store(nil)
	d.isLetGo(jo)
}

func TestWhatKeepsASignInFromBeingLetGoOnlyDelaysIt(t *testing.T) {
	for name, trouble := range map[string]func(*desk){
		"the list":      func(d *desk) { d.xero.Fail(simxero.Connections, simxero.StatusFault(503)) },
		"revocation":    func(d *desk) { d.xero.Fail(simxero.Revocation, simxero.StatusFault(500)) },
		"a portal":      func(d *desk) { d.xero.Fail(simxero.Revocation, simxero.CaptivePortal(200)) },
		"the keychain":  func(d *desk) { d.keychainFails("Delete", backend.Fail(backend.KeychainDismissed, "", nil)) },
		"another list":  func(d *desk) { d.xero.Fail(simxero.Connections, simxero.LostAnswer()) },
		"a lost answer": func(d *desk) { d.xero.Fail(simxero.Revocation, simxero.LostAnswer()) },
	} {
		t.Run(name, func(t *testing.T) {
			d := three(t)
			trouble(d)
			gone := d.disconnectAllOf(jo)
			if gone.Pending != 0 || !gone.RevokePending || gone.Failed == nil {
				t.Errorf("gone: %+v", gone)
			}
			d.xero.Heal()
			d.trouble.Store(nil)
			d.check()
			d.check()
			d.isLetGo(jo)
			d.status(vets, backend.Disconnected)
			same(t, "at Xero", len(d.told()), 3)
		})
	}
}

func TestAProgramThatIsKilledAtAnyStepOfLettingGoFinishesItLater(t *testing.T) {
	last := int32(0)
	for at := int32(2); last == 0; at++ { // at the first nothing was wanted yet
		t.Run(fmt.Sprintf("step %d", at), func(t *testing.T) {
			d := three(t)
			b := d.cutAll(at)
			_, _ = d.DisconnectSignIn(context.Background(), d.key(jo).String())
			if b.step < at {
				last = at
			}
			d = d.restart().hurry()
			d.Start(t.Context())
			d.until("that it is let go", func(view.Overview) bool {
				live, _ := d.ports.Register.SignIns(context.Background())
				departing, _ := d.ports.Register.EndedToRevoke(context.Background())
				return len(live)+len(departing) == 0
			})
			d.isLetGo(jo)
			same(t, "at Xero", len(d.told()), 3)
			for _, name := range []string{vets, fjord, dunes} {
				same(t, name, d.row(name).Status, string(backend.Disconnected))
				same(t, name, d.row(name).Pending, "")
			}
		})
	}
	if last < 12 {
		t.Errorf("only %d steps", last)
	}
}
