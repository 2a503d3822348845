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

// refuseSecondSave makes every save fail after the first, the mark of a renewal. The
// result counts the saves.
func (d *desk) refuseSecondSave() *atomic.Int32 {
	var saves atomic.Int32
	d.keychainFault.Store(new(func(method string) error {
		if method == "Save" && saves.Add(1) > 1 {
			return backend.Fail(backend.KeychainFailed, "", nil)
		}
		return nil
	}))
	return &saves
}

// withUnsavedCredential returns a desk with a credential renewed by Xero and refused by
// the keychain.
func withUnsavedCredential(t *testing.T) *desk {
	t.Helper()
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	d.refuseSecondSave()
	d.check()
	d.status(vets, backend.NotChecked)
	same(t, "trouble", d.row(vets).Trouble, string(backend.RenewalUnsaved))
	same(t, "unsaved", d.overview().Unsaved, true)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	d.ahead.Store(0) // the unsaved access token lives for half an hour
	return d
}

// awaitSaved waits for the save and expects a check without another renewal.
func (d *desk) awaitSaved() {
	d.t.Helper()
	d.until("the keychain", func(o view.Overview) bool { return !o.Unsaved })
	d.check()
	d.status(vets, backend.Connected)
	same(d.t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	saved, err := d.credential(jo)
	if err != nil || !saved.PresentedAt.IsZero() {
		d.t.Errorf("presented %v, %v", saved.PresentedAt, err)
	}
}

func TestUnsavedCredentialIsRetriedUntilSaved(t *testing.T) {
	d := withUnsavedCredential(t)
	for range 3 {
		d.ticks <- struct{}{}
	}
	same(t, "unsaved", d.overview().Unsaved, true)
	d.keychainWorks()
	d.tickUntilSaved()
	d.awaitSaved()
}

// tickUntilSaved ticks until the save. A save under way at the end of the failures may
// succeed without a tick.
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

func TestCallSavesTheUnsavedCredentialFirst(t *testing.T) {
	d := withUnsavedCredential(t)
	d.xero.Fail(simxero.Connections, simxero.StatusFault(401)) // the earlier access token has expired
	d.check()
	d.status(vets, backend.NotChecked)
	same(t, "trouble", d.row(vets).Trouble, string(backend.RenewalUnsaved))
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	d.keychainWorks()
	d.xero.Heal()
	d.check()
	d.awaitSaved()
}

func TestCloseRetriesTheSave(t *testing.T) {
	d := withUnsavedCredential(t)
	d.keychainWorks()
	d = d.restart()
	d.Start(t.Context())
	d.status(vets, backend.Connected)
	requests := d.xero.Requests(simxero.Renewal)
	same(t, "renewals", len(requests), 2)
	if requests[0].Form.Get("refresh_token") == requests[1].Form.Get("refresh_token") {
		t.Error("the new token was not saved")
	}
}

func TestCloseWithAnUnsavedCredentialIsSafeInsideTheGracePeriod(t *testing.T) {
	d := withUnsavedCredential(t)
	d.quit()
	d.keychainWorks()
	d = d.restart()
	d.Start(t.Context())
	d.status(vets, backend.Connected)
}

func TestSignInReplacesAnUnsavedCredential(t *testing.T) {
	d := withUnsavedCredential(t)
	d.keychainWorks()
	d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	d.phase(rounds.Done)
	newer, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d.awaitSaved()
	after, _ := d.credential(jo)
	same(t, "retained newer token", after.Refresh.Equal(newer.Refresh), true)
}

func TestCredentialOfAnotherProgramIsNotOverwritten(t *testing.T) {
	d := withUnsavedCredential(t)
	d.keychainWorks()
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
	same(t, "retained token of the other program", after.Refresh.Equal(newer.Refresh), true)
}

// tornKeychain is a keychain that damages an item in a failed save. A later save repairs
// the item.
type tornKeychain struct {
	rig.Keychain
	broken atomic.Bool
}

func (v *tornKeychain) Save(ctx context.Context, c backend.Credential) error {
	err := v.Keychain.Save(ctx, c)
	v.broken.Store(err != nil)
	return err
}

func (v *tornKeychain) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	if v.broken.Load() {
		return backend.Credential{}, backend.Fail(backend.KeychainDamaged, "", nil)
	}
	return v.Keychain.Load(ctx, key)
}

// The renewed credential used to wait for a readable old item, for ever. The next start
// found a damaged item, and the sign-in had ended.
func TestRenewedCredentialReplacesATornItem(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	vault := &tornKeychain{Keychain: d.ports.Keychain}
	d.ports.Keychain = vault
	d.connect(jo, vets)
	d.expire()
	d.refuseSecondSave()
	d.check()
	same(t, "torn", vault.broken.Load(), true)
	same(t, "unsaved", d.overview().Unsaved, true)
	d.ahead.Store(0)
	d.keychainWorks()
	if _, err := d.renewNow(jo); err != nil { // the next retry would save, too
		t.Fatal(err)
	}
	d.awaitSaved()
	same(t, "torn after the save", vault.broken.Load(), false)
}
