package connect_test

import (
	"context"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// unreadableItem is a keychain with an unreadable item of one person's.
type unreadableItem struct {
	rig.Keychain
	userID string
	code   backend.Code
}

func (v unreadableItem) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	if key.UserID == v.userID {
		return backend.Credential{}, backend.Fail(v.code, "", nil)
	}
	return v.Keychain.Load(ctx, key)
}

func TestUnreadableKeychainItemStopsNoOtherCheck(t *testing.T) {
	for _, code := range []backend.Code{
		backend.KeychainFailed, backend.KeychainTooBig, backend.KeychainDismissed, backend.KeychainStuck,
	} {
		d := launch(t, simxero.Demo()).skipPauses()
		d.connect(jo, vets)
		d.connect(sam, dunes) // the newest sign-in is checked first
		d.checked()
		d.ports.Keychain = unreadableItem{d.ports.Keychain, d.key(sam).UserID, code}
		for range 3 {
			d.advance(25 * time.Hour)
			d.look()
		}
		d.status(vets, backend.Connected)
		d.status(dunes, backend.NotChecked)
		d.quit()
	}
}

// deletedApp is an authorisation server without the app of one person's sign-in.
type deletedApp struct {
	rig.Authoriser
	userID string
}

func (a deletedApp) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	if key.UserID == a.userID {
		return backend.Token{}, backend.Fail(backend.ClientIDRefused, "", nil)
	}
	return a.Authoriser.Renew(ctx, key, refresh)
}

func TestSignInOfADeletedAppStopsNoOtherCheck(t *testing.T) {
	for _, newest := range []string{jo, sam} {
		d := launch(t, simxero.Demo()).skipPauses()
		organisations := map[string]string{jo: vets, sam: dunes}
		for _, person := range []string{jo, sam} {
			if person != newest {
				d.connect(person, organisations[person])
			}
		}
		d.connect(newest, organisations[newest])
		d.checked()
		d.ports.Authoriser = deletedApp{d.ports.Authoriser, d.key(sam).UserID}
		d.expire()
		d.check()
		d.status(vets, backend.Connected)
		d.status(dunes, backend.NotChecked)
		d.quit()
	}
}

func TestLaterFailureDoesNotChangeCheckedSignIns(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.network.intercept.Store(new(func() error {
		if d.listCalls() > 2 { // two lists of the rounds, and the first of the check
			d.offline()
		}
		return nil
	}))
	d.expire()
	d.check()
	d.status(dunes, backend.Connected)
	d.status(vets, backend.NotChecked)
}

func TestAnswerOfXeroChecksSignInsInTrouble(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(jo, fjord)
	d.connect(sam, dunes)
	for _, action := range []func() error{
		func() error { _, err := d.renewNow(sam); return err },
		func() error { _, err := d.Disconnect(t.Context(), d.ids(fjord), false, false); return err },
	} {
		d.expire()
		d.offline()
		d.check()
		d.status(vets, backend.NotChecked)
		d.online()
		if err := action(); err != nil {
			t.Fatal(err)
		}
		d.checked()
		d.status(vets, backend.Connected)
		d.status(dunes, backend.Connected)
	}
}

func TestWindowShowsTheTimesOfListAndFailure(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	stamp := func(age time.Duration) string { return d.Now().Add(-age).UTC().Format(time.RFC3339) }
	d.connect(jo, vets)
	d.advance(10 * time.Minute)
	d.connect(sam, dunes)
	o := d.overview()
	same(t, "checked", o.CheckedAt <= stamp(10*time.Minute) && o.CheckedAt >= stamp(11*time.Minute), true)
	same(t, "tried", o.Check.TriedAt, "")

	d.expire()
	d.offline()
	d.check()
	o = d.overview()
	same(t, "checked", o.CheckedAt <= stamp(50*time.Minute), true)
	same(t, "tried", o.Check.TriedAt >= stamp(time.Minute), true)
}

func TestFailureOfAnOlderCheckDoesNotMarkANewerSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets)
	d.checked()
	d.advance(25 * time.Hour)
	for _, p := range []string{jo, sam} {
		if _, err := d.renewNow(p); err != nil {
			t.Fatal(err)
		}
	}
	// Jo's list is requested first, and held until a failure.
	held := d.xero.Fail(simxero.Connections, simxero.Fault{Hold: true, Status: 503, Times: 1})
	d.CheckNow()
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.connect(sam, builders)
	d.status(builders, backend.Connected)
	held.Release()
	d.checked()
	same(t, "status of the newer sign-in's row", d.row(builders).Status, string(backend.Connected))
	same(t, "trouble of the newer sign-in", d.row(builders).Trouble, "")
}

func TestStuckKeychainDoesNotMarkASessionSignIn(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d = d.restart().skipPauses()
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	d.keychainFault.Store(new(func(method string) error {
		select {
		case asked <- struct{}{}:
		default:
		}
		<-answer
		return backend.Fail(backend.KeychainStuck, "", nil)
	}))
	d.Start(t.Context())
	<-asked // the start reads Sam's credential
	d.UseThisSessionOnly()
	d.connect(jo, builders)
	d.status(builders, backend.Connected)
	close(answer)
	d.wait("the trouble of Sam's sign-in", func() bool { return d.row(dunes).Status == string(backend.NotChecked) })
	d.ticks <- struct{}{} // the next look follows the start
	d.checked()
	same(t, builders, d.row(builders).Status, string(backend.Connected))
	same(t, "trouble of the newer sign-in", d.row(builders).Trouble, "")
}
