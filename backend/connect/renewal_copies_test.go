package connect_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// restore replaces the credential in the keychain by another.
func (d *desk) restore(c backend.Credential) {
	d.t.Helper()
	if err := d.keychain.Save(d.t.Context(), c); err != nil {
		d.t.Fatal(err)
	}
}

// renewed renews the sign-in and returns the credential before.
func (d *desk) renewed(person string) (before backend.Credential) {
	d.t.Helper()
	before, err := d.credential(person)
	if err == nil {
		_, err = d.renewNow(person)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return before
}

// The older credential used to be presented, and the sign-in ended.
func TestKeychainRestoredWhileBookringRunsEndsNoSignIn(t *testing.T) {
	d, minutes := renewalDue(t)
	yesterday := d.renewed(jo)
	d.renewed(jo)
	minutes(60)
	d.renewed(jo)
	newest, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d.restore(yesterday)
	minutes(60)
	d.expire()
	d.check()
	d.status(vets, backend.Connected)
	for _, e := range d.xero.Events() {
		if e.Kind == simxero.RenewalRefused {
			t.Error("refused:", e.Detail)
		}
	}
	after, err := d.credential(jo)
	same(t, "later generation", err == nil && after.Generation > newest.Generation, true)
}

// The register knows a later renewal: the newest key may still come back.
func TestKeychainRestoredToYesterdayEndsTheSignInOnlyAtXero(t *testing.T) {
	d, minutes := renewalDue(t)
	yesterday := d.renewed(jo)
	minutes(60)
	d.renewed(jo)
	minutes(60)
	d.quit()
	d.restore(yesterday)
	d = d.restart().skipPauses()
	d.expire()
	d.check()
	d.status(vets, backend.SignInAgain)
	same(t, "ending", d.row(vets).Ending, string(backend.KeyOld))
	kept, err := d.credential(jo)
	same(t, "retained token", err == nil && kept.Refresh.Equal(yesterday.Refresh), true)
}

// The unsaved credential used to be dropped for any other record in the keychain.
func TestUnsavedCredentialReplacesARestoredOlderRecord(t *testing.T) {
	d := withUnsavedCredential(t)
	d.keychainWorks()
	older, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	older.Generation, older.Refresh, older.SavedAt = older.Generation-1, backend.NewSecret("last month’s"), older.SavedAt.AddDate(0, -1, 0)
	older.PresentedAt = time.Time{}
	d.restore(older)
	d.tickUntilSaved()
	after, err := d.credential(jo)
	same(t, "replaced", err == nil && after.Generation > older.Generation && !after.Refresh.Equal(older.Refresh), true)
	d.awaitSaved()
}

func TestUnsavedTokenIsKeptBesideAnotherOfTheSameGeneration(t *testing.T) {
	d := withUnsavedCredential(t)
	d.keychainWorks()
	other, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	other.Refresh, other.Generation = backend.NewSecret("another computer’s"), other.Generation+1
	d.restore(other)
	d.tickUntilSaved()
	after, err := d.credential(jo)
	same(t, "both tokens", err == nil && after.Refresh.Equal(other.Refresh) && !after.Previous.IsZero(), true)
	d.advance(time.Hour)
	d.check() // the other token is unknown to Xero
	d.status(vets, backend.Connected)
}

// copyingKeychain has further copies of a credential. Locked copies cannot be read.
type copyingKeychain struct {
	rig.Keychain
	further []backend.Credential
	locked  bool
}

func (k *copyingKeychain) Copies(ctx context.Context, key backend.SignInKey) ([]backend.Credential, error) {
	all, err := k.Keychain.Copies(ctx, key)
	if k.locked {
		return all, backend.Fail(backend.KeychainLocked, "", nil)
	}
	return append(all, k.further...), err
}

func (k *copyingKeychain) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	c, err := k.Keychain.Load(ctx, key)
	if errors.Is(err, backend.ErrNoCredential) && k.locked {
		err = backend.Fail(backend.KeychainLocked, "", nil)
	}
	return c, err
}

// deadNewest returns a desk whose keychain's newest token is unknown to Xero, and the
// living credential.
func deadNewest(t *testing.T) (*desk, *copyingKeychain, backend.Credential) {
	t.Helper()
	d := launch(t, simxero.Demo()).skipPauses()
	k := &copyingKeychain{Keychain: d.ports.Keychain}
	d.ports.Keychain = k
	d.connect(jo, vets)
	living, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d = d.restart().skipPauses() // the memory of the first run is gone
	k.Keychain, d.ports.Keychain = d.ports.Keychain, k
	dead := living
	dead.Generation, dead.Refresh, dead.Previous = living.Generation+1, backend.NewSecret("dead"), backend.NewSecret("dead, too")
	d.restore(dead)
	d.expire()
	return d, k, living
}

func TestEveryCopysTokenIsTriedBeforeASignInEnds(t *testing.T) {
	d, k, living := deadNewest(t)
	k.further = []backend.Credential{living}
	d.check()
	d.status(vets, backend.Connected)
	after, err := d.credential(jo)
	same(t, "above every copy", err == nil && after.Generation > living.Generation+1, true)
}

func TestUnlockedNewerCopyCountsOnFromItsGeneration(t *testing.T) {
	d, k, living := deadNewest(t)
	living.Generation += 40
	k.further = []backend.Credential{living}
	d.check()
	d.status(vets, backend.Connected)
	after, err := d.credential(jo)
	same(t, "above the copy", err == nil && after.Generation > living.Generation, true)
}

func TestHundredDeadCopiesCostAHandfulOfRequests(t *testing.T) {
	d, k, living := deadNewest(t)
	for n := range 100 {
		living.Refresh, living.Previous = backend.NewSecret(fmt.Sprint("dead", n)), backend.Secret{}
		k.further = append(k.further, living)
	}
	before := len(d.xero.Requests(simxero.Renewal))
	d.check()
	d.status(vets, backend.SignInAgain)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal))-before, 2+6)
	kept, err := d.credential(jo)
	same(t, "the newest token first again", err == nil && kept.Refresh.Equal(backend.NewSecret("dead")), true)
}

// An old keyring without a known password must not keep the user from signing in again.
func TestLockedCopyIsNoWayAroundTheEndOfASignIn(t *testing.T) {
	d, k, _ := deadNewest(t)
	k.locked = true
	d.check()
	d.status(vets, backend.SignInAgain)
	d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	d.phase(rounds.Done)
	d.check()
	d.status(vets, backend.Connected)
}

func TestNewSignInIsSavedBesideAnOnlyCopyThatStaysLocked(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	k := &copyingKeychain{Keychain: d.ports.Keychain}
	d.ports.Keychain = k
	d.connect(jo, vets)
	d.takeKey(jo)
	k.locked = true
	d.expire()
	d.check()
	d.status(vets, backend.NotChecked)
	same(t, "trouble", d.row(vets).Trouble, string(backend.KeychainLocked))
	d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	d.phase(rounds.Done)
	same(t, "may close", d.overview().Unsaved, false)
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
	d.check()
	d.status(vets, backend.Connected)
}

// A forgotten collection used to stop the look for every other key.
func TestOnlyCopyThatStaysLockedStopsNoOtherKeysReturn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	k := &copyingKeychain{Keychain: d.ports.Keychain}
	d.ports.Keychain = k
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.takeKey(jo)
	put := d.takeKey(sam)
	d.expire()
	d.check()
	k.locked = true
	put()
	d.check()
	d.status(vets, backend.SignInAgain)
	d.status(dunes, backend.Connected)
}

// A new sign-in after a lost key used to count from 1, below the lost key.
func TestNewSignInWinsOverALostKeyThatReturns(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	for range 3 {
		d.renewed(jo)
	}
	lost, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d.takeKey(jo)
	d = d.restart().skipPauses()
	d.expire()
	d.check()
	same(t, "ending", d.row(vets).Ending, string(backend.KeyGone))
	d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	d.phase(rounds.Done)
	granted, err := d.credential(jo)
	same(t, "above the lost key", err == nil && granted.Generation > lost.Generation, true)

	d.restore(lost)
	d.expire()
	before := len(d.xero.Requests(simxero.Renewal))
	d.check()
	d.status(vets, backend.Connected)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), before+1)
	after, err := d.credential(jo)
	same(t, "the successor of the grant", err == nil && after.Generation == granted.Generation+1 && after.Previous.Equal(granted.Refresh), true)
}
