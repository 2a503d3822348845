package connect_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// disconnectSignIn disconnects a person's sign-in as a whole.
func (d *desk) disconnectSignIn(person string) view.DisconnectResult {
	d.t.Helper()
	result, err := d.DisconnectSignIn(context.Background(), d.key(person).String())
	if err != nil {
		d.t.Fatal(err)
	}
	return result
}

// isDeleted fails if a person's sign-in is left in the keychain or the register.
func (d *desk) isDeleted(person string) {
	d.t.Helper()
	if _, err := d.credential(person); !errors.Is(err, backend.ErrNoCredential) {
		d.t.Errorf("credential: %v", err)
	}
	living, err := d.ports.Register.SignIns(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	ended, err := d.ports.Register.EndedToRevoke(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, s := range append(living, ended...) {
		if s.Name == person {
			d.t.Errorf("sign-in left in the register: %+v", s)
		}
	}
}

func TestSignInIsRevokedAfterTheLastDisconnect(t *testing.T) {
	d := threeConnected(t)
	d.connect(sam, builders)
	d.connect(jo, builders)
	plan, err := d.PlanDisconnectSignIn(t.Context(), d.key(jo).String())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "sign-in and expected person", []any{plan.SignIn, plan.Count}, []any{jo, 4})
	same(t, "effect on the shared organisation", plan.Organisations[0], view.DisconnectEffect{
		ID: d.row(builders).ID, Name: builders, Through: []string{jo}, Ended: []string{}, Staying: []string{sam},
	})

	same(t, "result", d.disconnectSignIn(jo), view.DisconnectResult{Count: 4, Staying: 1})
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + builders, jo + ": " + vets, jo + ": " + dunes, jo + ": " + fjord})
	revoked := d.xero.Requests(simxero.Revocation)
	same(t, "revocations", len(revoked), 1)
	last := d.xero.Requests(simxero.Disconnect, simxero.Revocation)
	same(t, "last request", last[len(last)-1].Endpoint, simxero.Revocation)
	d.isDeleted(jo)
	d.status(vets, backend.Disconnected)
	d.status(builders, backend.Connected)
	d.check()
	d.status(builders, backend.Connected)
	same(t, "need attention", d.overview().Attention, 0)

	c, _ := d.connect(jo, vets)
	same(t, "reconnected", names(c.Reconnected), []string{vets})
	d.check()
	d.status(vets, backend.Connected)
	d.status(fjord, backend.Disconnected)
}

func TestSignInWithAConnectionIsNotRevoked(t *testing.T) {
	d := threeConnected(t)
	d.offline()
	result := d.disconnectSignIn(jo)
	same(t, "result", result, view.DisconnectResult{Count: 3, Pending: 3, RevokePending: true, Failed: result.Failed})
	d.online()
	// Another computer connects the organisation again: a new connection.
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation(vets).ID)
	other := newDeskAt(t, d.xero).launch()
	other.connect(jo, vets)
	d.xero.Change(func(w *simxero.World) { w.Clients[0].RedirectAddresses = d.flow.RedirectAddresses() })
	d.check()
	d.check()
	d.notRevoked()
	d.status(vets, backend.Connected)
	d.status(fjord, backend.Disconnected)
	d.status(dunes, backend.Disconnected)
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
}

func TestDisconnectSignInAlsoEndsOtherConnections(t *testing.T) {
	w := simxero.Named("Ledger & Lane", "One")
	w.Organisations[0].Type = simxero.TypePractice
	d := launch(t, w).skipPauses()
	d.connect(jo, "Ledger & Lane")
	d.connect(jo, "One")
	d.disconnectSignIn(jo)
	same(t, "requests", d.disconnectCalls(), 2)
	d.isDeleted(jo)
}

func TestEndedSignInIsDeletedAtOnce(t *testing.T) {
	d := threeConnected(t)
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	d.expire()
	d.check()
	same(t, "result", d.disconnectSignIn(jo), view.DisconnectResult{Count: 3, StillConnected: 3})
	d.isDeleted(jo)
	same(t, "requests", d.disconnectCalls(), 0)
	d.notRevoked()
	same(t, "pending", d.row(vets).Pending, string(backend.PendingSignIn))
}

func TestSessionSignInIsDeletedWithoutAKeychain(t *testing.T) {
	d := newDesk(t, simxero.Demo()).skipPauses().launch()
	d.keychainFails("", backend.Fail(backend.KeychainMissing, "", nil))
	d.UseThisSessionOnly()
	d.connect(jo, vets)
	same(t, "result", d.disconnectSignIn(jo), view.DisconnectResult{Count: 1})
	d.keychainWorks()
	d.isDeleted(jo)
}

func TestFailuresOnlyDelayARevocation(t *testing.T) {
	for name, trouble := range map[string]func(*desk){
		"the list":      func(d *desk) { d.xero.Fail(simxero.Connections, simxero.StatusFault(503)) },
		"revocation":    func(d *desk) { d.xero.Fail(simxero.Revocation, simxero.StatusFault(500)) },
		"a portal":      func(d *desk) { d.xero.Fail(simxero.Revocation, simxero.CaptivePortal(200)) },
		"the keychain":  func(d *desk) { d.keychainFails("Delete", backend.Fail(backend.KeychainDismissed, "", nil)) },
		"the lost list": func(d *desk) { d.xero.Fail(simxero.Connections, simxero.LostAnswer()) },
		"a lost answer": func(d *desk) { d.xero.Fail(simxero.Revocation, simxero.LostAnswer()) },
	} {
		t.Run(name, func(t *testing.T) {
			d := threeConnected(t)
			trouble(d)
			result := d.disconnectSignIn(jo)
			if result.Pending != 0 || !result.RevokePending || result.Failed == nil {
				t.Errorf("result: %+v", result)
			}
			d.xero.Heal()
			d.keychainWorks()
			d.check()
			d.check()
			d.isDeleted(jo)
			d.status(vets, backend.Disconnected)
			same(t, "at Xero", len(d.disconnected()), 3)
		})
	}
}

func TestRevocationSurvivesAKillAtAnyStep(t *testing.T) {
	last := int32(0)
	for at := int32(2); last == 0; at++ { // a kill at step 1 precedes the request
		t.Run(fmt.Sprintf("step %d", at), func(t *testing.T) {
			d := threeConnected(t)
			b := d.killWithRegister(at)
			_, _ = d.DisconnectSignIn(context.Background(), d.key(jo).String())
			if b.step < at {
				last = at
			}
			d = d.restart().skipPauses()
			d.Start(t.Context())
			d.until("the deleted sign-in", func(view.Overview) bool {
				living, _ := d.ports.Register.SignIns(context.Background())
				ended, _ := d.ports.Register.EndedToRevoke(context.Background())
				return len(living)+len(ended) == 0
			})
			d.isDeleted(jo)
			same(t, "at Xero", len(d.disconnected()), 3)
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

// A revocation ends every connection of the person. The list read just before decides, not
// the disconnects sent: another computer can have connected an organisation since.
func TestAConnectionMadeRightBeforeTheRevocationKeepsTheSignIn(t *testing.T) {
	for name, organisation := range map[string]string{"again": vets, "another organisation": builders} {
		t.Run(name, func(t *testing.T) {
			d := threeConnected(t)
			other := newDeskAt(t, d.xero).launch()
			var connected atomic.Bool
			d.network.intercept.Store(new(func() error {
				if len(d.disconnected()) == 3 && connected.CompareAndSwap(false, true) {
					other.connect(jo, organisation)
				}
				return nil
			}))
			d.disconnectSignIn(jo)
			same(t, "connected elsewhere", connected.Load(), true)
			d.notRevoked()
			d.network.intercept.Store(nil)
			d.check()
			d.check()
			d.notRevoked()
			d.status(organisation, backend.Connected)
			if _, err := d.credential(jo); err != nil {
				t.Error(err)
			}
		})
	}
}

// A grant of the same person clears the pending revocation. The recorder looks again under
// the mutex of the grants.
func TestAGrantBetweenTheListAndTheRevocationKeepsTheSignIn(t *testing.T) {
	d := threeConnected(t)
	var lists atomic.Int64
	var granted atomic.Bool
	d.network.intercept.Store(new(func() error {
		asked := int64(len(d.xero.Requests(simxero.Connections)))
		switch {
		case granted.Load():
		case len(d.disconnected()) < 3:
			lists.Store(asked)
		case asked > lists.Load() && granted.CompareAndSwap(false, true): // Xero has answered that nothing is left
			d.connect(jo, builders)
		}
		return nil
	}))
	d.disconnectSignIn(jo)
	same(t, "granted", granted.Load(), true)
	d.notRevoked()
	d.check()
	d.status(builders, backend.Connected)
}

// Xero can confirm a disconnect and still list the organisation.
func TestAnOrganisationStillListedAfterItsDisconnectDelaysTheRevocation(t *testing.T) {
	d := threeConnected(t)
	d.xero.Fail(simxero.Disconnect, simxero.StatusFault(204))
	if r := d.disconnectSignIn(jo); !r.RevokePending || r.Failed == nil {
		t.Errorf("result: %+v", r)
	}
	d.notRevoked()
	d.xero.Heal()
	d.check()
	d.check()
	d.isDeleted(jo)
	same(t, "at Xero", len(d.disconnected()), 3)
}
