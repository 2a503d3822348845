package connect_test

import (
	"context"
	"sync/atomic"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// refuseTheNewToken lets the keychain take the mark of a renewal, and then no
// more. It returns how often it was asked to.
func (d *desk) refuseTheNewToken() *atomic.Int32 {
	var saves atomic.Int32
	d.trouble.Store(new(func(method string) error {
		if method == "Save" && saves.Add(1) > 1 {
			return backend.Fail(backend.KeychainFailed, "", nil)
		}
		return nil
	}))
	return &saves
}

// unsaved is a desk where Xero has renewed a sign-in and the keychain has not
// taken the new token.
func unsaved(t *testing.T) *desk {
	t.Helper()
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.expire()
	d.refuseTheNewToken()
	d.check()
	d.status("Calder Street Vets", backend.NotChecked)
	same(t, "trouble", d.row("Calder Street Vets").Trouble, string(backend.RenewalUnsaved))
	same(t, "unsaved", d.overview().Unsaved, true)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	d.ahead.Store(0) // the access token that waits is half an hour old at most
	return d
}

// isSaved waits for the banner to go, and checks without another renewal.
func (d *desk) isSaved() {
	d.t.Helper()
	d.until("the keychain", func(o view.Overview) bool { return !o.Unsaved })
	d.check()
	d.status("Calder Street Vets", backend.Connected)
	same(d.t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	kept, err := d.credential(jo)
	if err != nil || !kept.PresentedAt.IsZero() {
		d.t.Errorf("presented %v, %v", kept.PresentedAt, err)
	}
}

func TestAKeychainThatDoesNotTakeTheNewTokenIsAskedUntilItDoes(t *testing.T) {
	d := unsaved(t)
	for range 3 {
		d.ticks <- struct{}{}
	}
	same(t, "unsaved", d.overview().Unsaved, true)
	d.trouble.Store(nil)
	d.tickUntilSaved()
	d.isSaved()
}

// tickUntilSaved ticks as often as it takes: the last attempt before the
// keychain was mended may still have been under way, and succeeded.
func (d *desk) tickUntilSaved() {
	d.t.Helper()
	for {
		d.mu.Lock()
		changed := d.changed
		d.mu.Unlock()
		if !d.overview().Unsaved {
			return
		}
		select {
		case d.ticks <- struct{}{}:
		case <-changed:
		}
	}
}

func TestACallThatNeedsTheSignInSavesTheNewTokenFirst(t *testing.T) {
	d := unsaved(t)
	d.xero.Fail(simxero.Connections, simxero.StatusFault(401)) // the access token before has ended
	d.check()
	d.status("Calder Street Vets", backend.NotChecked)
	same(t, "trouble", d.row("Calder Street Vets").Trouble, string(backend.RenewalUnsaved))
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	d.trouble.Store(nil)
	d.xero.Heal()
	d.check()
	d.isSaved()
}

func TestCloseTriesOnceMoreToSaveTheNewToken(t *testing.T) {
	d := unsaved(t)
	d.trouble.Store(nil)
	d = d.restart()
	d.Start(t.Context())
	d.status("Calder Street Vets", backend.Connected)
	requests := d.xero.Requests(simxero.Renewal)
	same(t, "renewals", len(requests), 2)
	if requests[0].Form.Get("refresh_token") == requests[1].Form.Get("refresh_token") {
		t.Error("the new token was not saved")
	}
}

func TestCloseWithAnUnsavedTokenLosesNothingInsideTheGrace(t *testing.T) {
	d := unsaved(t)
	d.leave()
	d.trouble.Store(nil)
	d = d.restart()
	d.Start(t.Context())
	d.status("Calder Street Vets", backend.Connected)
}

func TestASignInTakesThePlaceOfAnUnsavedToken(t *testing.T) {
	d := unsaved(t)
	d.trouble.Store(nil)
	d.back(d.browser.Continue(t.Context(), d.click(), jo))
	d.phase(rounds.Done)
	newer, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d.isSaved()
	after, _ := d.credential(jo)
	same(t, "the newer one stays", after.Refresh.Equal(newer.Refresh), true)
}

func TestWhatAnotherProgramRenewedIsNotOverwritten(t *testing.T) {
	d := unsaved(t)
	d.trouble.Store(nil)
	newer, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	newer.Refresh, newer.Generation = backend.NewSecret("another program’s"), newer.Generation+1
	if err := d.keychain.Save(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	d.ticks <- struct{}{}
	d.until("the keychain", func(o view.Overview) bool { return !o.Unsaved })
	after, _ := d.credential(jo)
	same(t, "the other’s stays", after.Refresh.Equal(newer.Refresh), true)
}

// torn is a keychain whose item is torn by the writes that fail, and stays so
// until one succeeds.
type torn struct {
	rig.Keychain
	broken atomic.Bool
}

func (v *torn) Save(ctx context.Context, c backend.Credential) error {
	err := v.Keychain.Save(ctx, c)
	v.broken.Store(err != nil)
	return err
}

func (v *torn) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	if v.broken.Load() {
		return backend.Credential{}, backend.Fail(backend.KeychainDamaged, "", nil)
	}
	return v.Keychain.Load(ctx, key)
}

// The new token used to be held back for as long as what it was to replace could
// not be read, which was for ever; the next start found the item damaged, and the
// sign-in had ended.
func TestANewTokenTakesThePlaceOfAnItemThatWasTorn(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	vault := &torn{Keychain: d.ports.Keychain}
	d.ports.Keychain = vault
	d.connect(jo, "Calder Street Vets")
	d.expire()
	d.refuseTheNewToken()
	d.check()
	same(t, "torn", vault.broken.Load(), true)
	same(t, "unsaved", d.overview().Unsaved, true)
	d.ahead.Store(0)
	d.trouble.Store(nil)
	if _, err := d.renewNow(jo); err != nil { // or the next try that it makes by itself
		t.Fatal(err)
	}
	d.isSaved()
	same(t, "torn still", vault.broken.Load(), false)
}
