package connect_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

// answersFor makes renewals answer with another person's tokens.
func (d *desk) answersFor(person string) *simxero.Injected {
	d.t.Helper()
	return d.xero.Fail(simxero.Renewal, d.xero.AnswerFor(d.key(person).UserID, simxero.DemoClientID, oauth.Scopes...))
}

// saved returns a person's credential.
func (d *desk) saved(person string) backend.Credential {
	d.t.Helper()
	c, err := d.credential(person)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// awaitOthers waits until no token set is in memory only.
func (d *desk) awaitOthers() {
	d.t.Helper()
	d.wait("the save", func() bool { return d.MayClose(func() {}) })
}

func TestAnAnswerForAnotherPersonOverwritesNothing(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	before := d.saved(jo)
	wrong := d.answersFor(sam)
	d.expire()
	d.check()
	d.hasState(jo, view.StateUnchecked, string(backend.OtherPerson))
	d.status(vets, backend.NotChecked)
	if now := d.saved(jo); !now.Refresh.Equal(before.Refresh) || now.PresentedAt.IsZero() {
		t.Error("the first person's key was overwritten")
	}
	d.wait("the other person's key", func() bool { _, err := d.credential(sam); return err == nil })
	if c := d.saved(sam); c.Name != sam || c.Generation != 1 || c.Refresh.IsZero() {
		t.Errorf("%+v", c)
	}
	wrong.Stop()
	d.check()
	d.status(vets, backend.Connected)
	d.hasState(jo, view.StateSaved, "")
}

func TestTheOtherPersonsKeyIsRecalledAtTheNextStart(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	wrong := d.answersFor(sam)
	d.expire()
	d.check()
	d.wait("the other person's key", func() bool { _, err := d.credential(sam); return err == nil })
	wrong.Stop()
	d = d.restart()
	d.Start(t.Context())
	d.status(vets, backend.Connected)
	d.wait("the other person's sign-in", func() bool {
		rows, err := d.SignIns(context.Background())
		return err == nil && len(rows) == 2 && rows[0].State == view.StateSaved && rows[1].State == view.StateSaved
	})
}

func TestAnAnswerForAnotherPersonNeverReplacesALivingKey(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets)
	d.wait("the details", func() bool { return d.unread() == 0 })
	before := d.saved(sam)
	wrong := d.answersFor(sam)
	if _, err := d.renewNow(jo); backend.CodeOf(err) != backend.OtherPerson {
		t.Errorf("renew now: %v", err)
	}
	d.wait("the surplus key", func() bool { return !d.saved(sam).Previous.Equal(before.Previous) })
	wrong.Stop()
	if now := d.saved(sam); !now.Refresh.Equal(before.Refresh) || now.Generation != before.Generation {
		t.Error("a living key was replaced by an unknown one")
	}
	// Without the newest token, the surplus token carries the sign-in.
	c := d.saved(sam)
	c.Refresh = backend.NewSecret("lost")
	if err := d.keychain.Save(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	d.expire()
	d.check()
	d.status(dunes, backend.Connected)
	d.status(vets, backend.Connected)
}

func TestTwoExchangedAnswersCostNeitherSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets)
	forSam := d.xero.AnswerFor(d.key(sam).UserID, simxero.DemoClientID, oauth.Scopes...)
	forJo := d.xero.AnswerFor(d.key(jo).UserID, simxero.DemoClientID, oauth.Scopes...)
	for range 3 {
		d.expire()
		d.xero.FailAtRandom(simxero.Renewal, func() simxero.Fault { forSam, forJo = forJo, forSam; return forJo })
		d.check()
		d.awaitOthers()
		d.xero.Heal()
		d.check()
		d.status(dunes, backend.Connected)
		d.status(vets, backend.Connected)
		same(t, "sign-ins", [][]string{d.row(dunes).SignIns, d.row(vets).SignIns}, [][]string{{sam}, {jo}})
	}
}

func TestALockedKeychainDoesNotLoseTheOtherPersonsKey(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	wrong := d.answersFor(sam)
	d.expire()
	var saves atomic.Int32
	d.keychainFault.Store(new(func(method string) error {
		if method == "Save" && saves.Add(1) == 2 { // the first save is the time of the presentation
			return backend.Fail(backend.KeychainLocked, "", nil)
		}
		return nil
	}))
	d.check()
	wrong.Stop()
	d.keychainWorks()
	d.CheckNow()
	d.status(vets, backend.Connected)
	d.wait("the other person's key", func() bool {
		_ = d.MayClose(func() {})
		_, err := d.credential(sam)
		return !errors.Is(err, backend.ErrNoCredential)
	})
}

func TestAnOpaqueAnswerIsNoDifference(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.xero.Switch(func(w *simxero.Switches) { w.OpaqueTokens = true })
	d.expire()
	d.check()
	d.status(vets, backend.Connected)
	d.hasState(jo, view.StateSaved, "")
}
