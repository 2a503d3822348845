package connect_test

import (
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// revocations counts the revoked sign-ins at Xero.
func (d *desk) revocations() (n int) {
	for _, e := range d.xero.Events() {
		if e.Kind == simxero.Revoked {
			n++
		}
	}
	return n
}

// joConnected is a desk with one organisation of Jo's.
func joConnected(t *testing.T) *removing {
	t.Helper()
	l := &removing{desk: launch(t, simxero.Demo())}
	l.Removal.Files = func() backend.FileCounts { return backend.FileCounts{} }
	l.Removal.Erase = func() []backend.Leftover { l.erased.Store(true); return nil }
	l.connect(jo, vets)
	l.checked()
	return l
}

// grantUnrecorded signs a person in while a failure prevents the recording of the grant.
func (l *removing) grantUnrecorded(person string, want backend.Code) {
	l.t.Helper()
	l.follow(l.browser.Allow(l.t.Context(), l.click(), person, builders))
	same(l.t, "failure of the round", l.failed().Code, string(want))
}

func TestARemovalWithDisconnectsAlsoRevokesTheSignIns(t *testing.T) {
	for name, story := range map[string]struct {
		prepare      func(l *removing)
		disconnected int
	}{
		"with connections": {func(l *removing) { l.connect(sam, dunes) }, 2},
		"without connections, since the organisation was removed in Xero": {func(l *removing) {
			l.connect(sam, dunes)
			w := l.xero.World()
			l.xero.DisconnectInXero(w.Person(sam).ID, w.Organisation(dunes).ID)
			l.check()
		}, 2}, // one of them in Xero
		"without a reading of the list": {func(l *removing) {
			l.xero.Fail(simxero.Connections, simxero.StatusFault(503).Once())
			l.grantUnrecorded(sam, backend.XeroUnavailable)
		}, 2},
		"with a grant that the keychain has refused": {func(l *removing) {
			l.keychainFails("Save", backend.Fail(backend.KeychainDismissed, "", nil))
			l.grantUnrecorded(sam, backend.KeychainDismissed)
			l.keychainWorks()
		}, 2},
		"with a refused grant, and an ended sign-in of the same person": {func(l *removing) {
			l.connect(sam, dunes)
			l.endSignIn(sam, backend.RefusedByXero)
			l.keychainFails("Save", backend.Fail(backend.KeychainDismissed, "", nil))
			l.grantUnrecorded(sam, backend.KeychainDismissed)
			l.keychainWorks()
		}, 3},
		"with an ended sign-in whose key is back": {func(l *removing) {
			l.connect(sam, dunes)
			l.endSignIn(sam, backend.KeyGone)
		}, 2},
		"with an ended sign-in granted again, but not recorded": {func(l *removing) {
			l.connect(sam, dunes)
			l.endSignIn(sam, backend.RefusedByXero)
			l.advance(time.Second)
			l.xero.Fail(simxero.Connections, simxero.StatusFault(503).Once())
			l.grantUnrecorded(sam, backend.XeroUnavailable)
		}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			l := joConnected(t)
			story.prepare(l)
			l.Remove(true, false)
			r := l.receipt()
			same(t, "still connected", r.StillConnected, []view.StillConnected{})
			same(t, "revoked", l.revocations(), 2)
			same(t, "disconnected", len(l.disconnected()), story.disconnected)
			same(t, "credentials", l.credentials(), 0)
		})
	}
}

func (l *removing) endSignIn(person string, why backend.Ending) {
	l.t.Helper()
	if err := l.ports.Register.EndSignIn(l.t.Context(), l.key(person), why, l.Now()); err != nil {
		l.t.Fatal(err)
	}
}

func TestARemovalDoesNotPresentATokenRefusedByXero(t *testing.T) {
	l := beforeRemoval(t)
	l.xero.EndTokens(l.xero.World().Person(sam).ID, simxero.DemoClientID)
	l.endSignIn(sam, backend.RefusedByXero)
	before := len(l.xero.Requests(simxero.Renewal))
	l.Remove(true, false)
	same(t, "still connected", l.receipt().StillConnected, []view.StillConnected{
		{Person: sam, Organisations: []string{dunes}, Code: string(backend.SignInEnded)},
	})
	same(t, "revoked", l.revocations(), 1)
	same(t, "renewals", len(l.xero.Requests(simxero.Renewal)), before)
}

// A revocation ends every connection of the person, also a connection made on another
// computer between the removal's disconnects and the revocation.
func TestARemovalRevokesNoSignInWithAnotherConnection(t *testing.T) {
	l := beforeRemoval(t)
	person := l.xero.World().Person(sam).ID
	other := newDeskAt(t, l.xero).launch()
	var connected atomic.Bool
	l.network.intercept.Store(new(func() error {
		if l.connectionsAtXero() == 0 && connected.CompareAndSwap(false, true) {
			other.connect(sam, builders)
		}
		return nil
	}))
	l.Remove(true, false)
	same(t, "disconnected", l.receipt().Disconnected, 4)
	same(t, "revoked", l.revocations(), 2)
	before := 0
	for _, e := range l.xero.Events() {
		switch {
		case e.Kind == simxero.Disconnected:
			before++
		case e.Kind == simxero.Revoked && e.Person == person:
			same(t, "disconnected before the revocation", before, 4)
		}
	}
}

// The rest of a list understood in part can hold an organisation, also an organisation of
// another computer.
func TestARemovalRevokesNoSignInAfterAListNotUnderstoodWhole(t *testing.T) {
	for name, c := range map[string]struct {
		connections int // at Xero, from when on the list is odd
		code        backend.Code
	}{
		"the first list":                 {3, backend.XeroPartlyRead},
		"the list before the revocation": {0, backend.XeroUnreadable}, // the odd entry only
	} {
		t.Run(name, func(t *testing.T) {
			l := beforeRemoval(t)
			l.network.intercept.Store(new(func() error {
				if l.connectionsAtXero() == c.connections {
					l.xero.Fail(simxero.Connections, editedList(func(all entries) entries {
						return append(all, map[string]any{"tenantName": "A client"})
					}))
				}
				return nil
			}))
			l.Remove(true, false)
			for _, s := range l.awaitRemoval(removal.Undecided).StillConnected {
				same(t, "code", s.Code, string(c.code))
				same(t, "organisations", len(s.Organisations), 0)
			}
			same(t, "revoked", l.revocations(), 0)
			l.nothingDeleted()
			l.network.intercept.Store(nil)
			l.xero.Heal()
			l.Remove(true, false)
			same(t, "still connected", l.receipt().StillConnected, []view.StillConnected{})
			same(t, "revoked", l.revocations(), 2)
		})
	}
}

func TestAFailedRevocationStopsTheRemovalBeforeADeletion(t *testing.T) {
	l := beforeRemoval(t)
	l.xero.Fail(simxero.Revocation, simxero.StatusFault(500).Once())
	l.Remove(true, false)
	same(t, "still connected", l.awaitRemoval(removal.Undecided).StillConnected, []view.StillConnected{
		{Person: sam, Organisations: []string{}, Code: string(backend.XeroError)},
	})
	l.nothingDeleted()
	l.Remove(true, false)
	same(t, "still connected", l.receipt().StillConnected, []view.StillConnected{})
	same(t, "revoked", l.revocations(), 2)
}

func TestSignInsRevokedBeforeACancelAreNotKeptAsLiving(t *testing.T) {
	l := beforeRemoval(t)
	l.xero.Fail(simxero.Revocation, simxero.StatusFault(500).Once())
	l.Remove(true, false) // Sam's revocation fails, Jo's succeeds
	l.awaitRemoval(removal.Undecided)
	l.CancelRemoval()
	l.awaitRemoval(removal.Idle)
	l.check()
	l.check()
	l.isDeleted(jo)
	for _, name := range []string{vets, fjord, dunes} {
		l.status(name, backend.Disconnected)
	}
	same(t, "attention", l.overview().Attention, 0)
	same(t, "erased", l.erased.Load(), false)
}

func TestARemovalThatLeavesXeroAsItIsRevokesNothing(t *testing.T) {
	l := beforeRemoval(t)
	l.Remove(false, false)
	l.receipt()
	same(t, "revoked", l.revocations(), 0)
}
