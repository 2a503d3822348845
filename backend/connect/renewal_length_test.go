package connect_test

import (
	"context"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// shortKeychain is a keychain with a maximum length of a refresh token.
type shortKeychain struct {
	rig.Keychain
	limit int
}

func (k *shortKeychain) Fits(_ context.Context, c backend.Credential, longer int) error {
	if c.Refresh.Len()+longer > k.limit {
		return backend.Fail(backend.KeychainTooBig, "", nil)
	}
	return nil
}

func (k *shortKeychain) Save(ctx context.Context, c backend.Credential) error {
	if err := k.Fits(ctx, c, 0); err != nil {
		return err
	}
	return k.Keychain.Save(ctx, c)
}

// withRoom returns a desk whose keychain holds tokens of at most limit bytes. Xero's tokens
// have 256.
func withRoom(t *testing.T, limit int) (*desk, *shortKeychain) {
	t.Helper()
	d := launch(t, simxero.Demo()).skipPauses()
	k := &shortKeychain{d.ports.Keychain, limit}
	d.ports.Keychain = k
	return d, k
}

// Without the check of the length, the token used to be presented, and the successor was
// refused by the keychain.
func TestNoTokenIsPresentedWithoutRoomForItsSuccessor(t *testing.T) {
	d, k := withRoom(t, 1000)
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.expire()
	d.xero.Switch(func(s *simxero.Switches) { s.RefreshLength = 280 })
	d.check() // the tokens grow by 24
	k.limit = 280 + 47
	d.expire()
	before := len(d.xero.Requests(simxero.Renewal))
	d.check()
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), before)
	d.status(vets, backend.NotChecked)
	same(t, "trouble", d.row(vets).Trouble, string(backend.KeychainTooBig))

	k.limit = 280 + 48 // twice the growth
	d.check()
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

func TestLongTokenOfOneSignInStopsNoOther(t *testing.T) {
	d, k := withRoom(t, 1000)
	d.xero.Switch(func(s *simxero.Switches) { s.RefreshLength = 500 })
	d.connect(jo, vets)
	d.xero.Switch(func(s *simxero.Switches) { s.RefreshLength = 0 })
	d.connect(sam, dunes)
	k.limit = 500
	d.expire()
	d.check()
	d.status(vets, backend.NotChecked)
	d.status(dunes, backend.Connected)
}

func TestTokenTooLongForTheKeychainIsRefusedAtTheSignIn(t *testing.T) {
	d, _ := withRoom(t, 256+31) // an eighth is 32
	page := d.allow(d.click(), jo, vets)
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.KeychainTooBig)})
	pageSays(t, page, "too long")
	if keys, err := d.keychain.Keys(t.Context()); err != nil || len(keys) > 0 {
		t.Errorf("the keychain holds %v, %v", keys, err)
	}
	d.UseThisSessionOnly()
	d.completesWithoutBrowser(vets)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 0)
}

func TestTokenThatHasGrownTooLongStaysInMemory(t *testing.T) {
	d, _ := withRoom(t, 1000)
	d.connect(jo, vets)
	d.expire()
	d.xero.Switch(func(s *simxero.Switches) { s.RefreshLength = 2000 }) // no growth before
	d.check()
	d.status(vets, backend.NotChecked)
	same(t, "trouble", d.row(vets).Trouble, string(backend.RenewalUnsaved))
	same(t, "unsaved", d.overview().Unsaved, true)
	same(t, "may close", d.MayClose(func() {}), false)
	d.KeepOpen()

	d.UseThisSessionOnly()
	d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	d.phase(rounds.Done)
	same(t, "unsaved", d.overview().Unsaved, false)
	d.check()
	d.status(vets, backend.Connected)
}
