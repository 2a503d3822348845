package connect_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/keychain"
	"bookring/backend/simxero"
)

// status waits for the status of the only row with a name.
func (d *desk) status(name string, want backend.Status) {
	d.t.Helper()
	d.until(string(want), func(view.Overview) bool { return d.row(name).Status == string(want) })
}

func TestRestartRestoresRowsAndIdleState(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d = d.restart()
	d.Start(t.Context())
	d.Close()
	d.status(vets, backend.Connected)
	same(t, "sign-in", d.overview().SignIn, view.Progress{Phase: rounds.Idle})
}

func TestSignInWithoutACredentialHasEnded(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	saved, err := d.credential(sam)
	if err != nil {
		t.Fatal(err)
	}
	d.keychain = &keychain.Memory{}
	if err := d.keychain.Save(t.Context(), saved); err != nil {
		t.Fatal(err)
	}
	d = d.restart()
	d.Start(t.Context())
	d.status(vets, backend.SignInAgain)
	d.status(dunes, backend.Connected)
	same(t, "need attention", d.overview().Attention, 1)

	c, _ := d.connect(jo, fjord)
	same(t, "reconnected", names(c.Reconnected), []string{vets})
}

func TestFailingKeychainChangesNothingAndIsAskedOnce(t *testing.T) {
	for _, code := range []backend.Code{
		backend.KeychainLocked, backend.KeychainDismissed, backend.KeychainStuck, backend.KeychainMissing, backend.KeychainFailed,
	} {
		d := launch(t, simxero.Demo())
		d.connect(jo, vets)
		d.connect(sam, dunes)
		d = d.restart()
		var asked atomic.Int32
		d.keychainFault.Store(new(func(string) error { asked.Add(1); return backend.Fail(code, "", nil) }))
		d.Start(t.Context())
		d.until("the end", func(view.Overview) bool { return strings.Contains(d.logged(), "sign-in not checked") })
		same(t, "need attention", d.overview().Attention, 0)
		same(t, "keychain calls", asked.Load(), 1)
	}
}

func TestDamagedCredentialDoesNotHideAMissingCredential(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d = d.restart().skipPauses()
	var asked atomic.Int32
	d.keychainFault.Store(new(func(string) error {
		if asked.Add(1) <= 2 { // the latest sign-in comes first, and a damaged credential is read twice
			return backend.Fail(backend.KeychainDamaged, "", nil)
		}
		return backend.ErrNoCredential
	}))
	d.Start(t.Context())
	d.status(vets, backend.SignInAgain)
	d.status(dunes, backend.SignInAgain)
	same(t, "reason", []string{d.row(vets).Ending, d.row(dunes).Ending},
		[]string{string(backend.KeyGone), string(backend.KeyDamaged)})
}

func TestSessionSignInsEndWithTheProgram(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.UseThisSessionOnly()
	d.connect(sam, dunes)
	d = d.restart()
	same(t, "session only", d.overview().SessionOnly, false)
	d.Start(t.Context())
	d.status(dunes, backend.SignInAgain)
	d.status(vets, backend.Connected)
}

func TestSessionDoesNotEndASavedSignIn(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.UseThisSessionOnly()
	d.connect(jo, dunes)
	before := d.listCalls()
	d = d.restart()
	d.Start(t.Context())
	if err := d.xero.Await(t.Context(), simxero.Connections, before+1); err != nil {
		t.Fatal(err)
	}
	d.checked()
	d.status(dunes, backend.Connected)
	same(t, "need attention", d.overview().Attention, 0)
}

func TestSignInDuringTheKeychainComparisonIsNotEnded(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d = d.restart()
	asked, resume := make(chan struct{}), make(chan struct{})
	var loads atomic.Int32
	d.keychainFault.Store(new(func(method string) error {
		if method != "Load" {
			return nil
		}
		switch loads.Add(1) {
		case 1: // Sam's credential: the latest sign-in comes first
			close(asked)
			<-resume
		case 2: // Sam's credential again, during the round below
			return nil
		}
		return backend.ErrNoCredential
	}))
	d.Start(t.Context())
	<-asked
	d.connect(sam, builders)
	close(resume)
	d.status(vets, backend.SignInAgain)
	d.status(dunes, backend.Connected)
}

func TestCloseDoesNotWaitForAKeychainPrompt(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d = d.restart()
	prompting := &promptingKeychain{Keychain: d.ports.Keychain, asked: make(chan struct{})}
	d.ports.Keychain = prompting
	d.Start(t.Context())
	<-prompting.asked
	d.Close()
	same(t, "need attention", d.overview().Attention, 0)
}
