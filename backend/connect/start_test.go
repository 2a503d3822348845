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

// status waits until the one row of a name has a status.
func (d *desk) status(name string, want backend.Status) {
	d.t.Helper()
	d.until(string(want), func(view.Overview) bool { return d.row(name).Status == string(want) })
}

func TestARestartFindsEverythingAsItWas(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d = d.restart()
	d.Start(t.Context())
	d.Close()
	d.status("Calder Street Vets", backend.Connected)
	same(t, "sign-in", d.overview().SignIn, view.Progress{Phase: rounds.Idle})
}

func TestASignInWithoutItsCredentialHasEnded(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	kept, err := d.credential(sam)
	if err != nil {
		t.Fatal(err)
	}
	d.keychain = &keychain.Memory{}
	if err := d.keychain.Save(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	d = d.restart()
	d.Start(t.Context())
	d.status("Calder Street Vets", backend.SignInAgain)
	d.status("Dunes Surf School", backend.Connected)
	same(t, "need attention", d.overview().Attention, 1)

	c, _ := d.connect(jo, "Fjord Analytics Ltd")
	same(t, "back", names(c.Reconnected), []string{"Calder Street Vets"})
}

func TestAKeychainThatErrsChangesNothingAndIsAskedOnce(t *testing.T) {
	for _, code := range []backend.Code{
		backend.KeychainLocked, backend.KeychainDismissed, backend.KeychainStuck, backend.KeychainMissing, backend.KeychainFailed,
	} {
		d := sitDown(t, simxero.Demo())
		d.connect(jo, "Calder Street Vets")
		d.connect(sam, "Dunes Surf School")
		d = d.restart()
		var asked atomic.Int32
		d.trouble.Store(new(func(string) error { asked.Add(1); return backend.Fail(code, "", nil) }))
		d.Start(t.Context())
		d.until("the end", func(view.Overview) bool { return strings.Contains(d.logged(), "sign-in not checked") })
		same(t, "need attention", d.overview().Attention, 0)
		same(t, "questions", asked.Load(), 1)
	}
}

func TestADamagedCredentialDoesNotHideOneThatIsGone(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d = d.restart().hurry()
	var asked atomic.Int32
	d.trouble.Store(new(func(string) error {
		if asked.Add(1) <= 2 { // the latest sign-in comes first, and what is damaged is read twice
			return backend.Fail(backend.KeychainDamaged, "", nil)
		}
		return backend.ErrNoCredential
	}))
	d.Start(t.Context())
	d.status("Calder Street Vets", backend.SignInAgain)
	d.status("Dunes Surf School", backend.SignInAgain)
	same(t, "why", []string{d.row("Calder Street Vets").Ending, d.row("Dunes Surf School").Ending},
		[]string{string(backend.KeyGone), string(backend.KeyDamaged)})
}

func TestSessionOnlySignInsEndWithTheProgram(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.UseThisSessionOnly()
	d.connect(sam, "Dunes Surf School")
	d = d.restart()
	same(t, "session only", d.overview().SessionOnly, false)
	d.Start(t.Context())
	d.status("Dunes Surf School", backend.SignInAgain)
	d.status("Calder Street Vets", backend.Connected)
}

func TestGoingOnForOneSessionDoesNotEndWhatTheKeychainHolds(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.UseThisSessionOnly()
	d.connect(jo, "Dunes Surf School")
	before := d.listCalls()
	d = d.restart()
	d.Start(t.Context())
	if err := d.xero.Await(t.Context(), simxero.Connections, before+1); err != nil {
		t.Fatal(err)
	}
	d.checked()
	d.status("Dunes Surf School", backend.Connected)
	same(t, "need attention", d.overview().Attention, 0)
}

func TestWhoSignsInWhileTheKeychainIsComparedIsNotEnded(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d = d.restart()
	asked, goOn := make(chan struct{}), make(chan struct{})
	var loads atomic.Int32
	d.trouble.Store(new(func(method string) error {
		if method != "Load" {
			return nil
		}
		switch loads.Add(1) {
		case 1: // Sam's, the latest
			close(asked)
			<-goOn
		case 2: // Sam's again, by the sign-in below
			return nil
		}
		return backend.ErrNoCredential
	}))
	d.Start(t.Context())
	<-asked
	d.connect(sam, "Abernathy & Sons Builders")
	close(goOn)
	d.status("Calder Street Vets", backend.SignInAgain)
	d.status("Dunes Surf School", backend.Connected)
}

func TestCloseDoesNotWaitForAKeychainThatAsksThePerson(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d = d.restart()
	patient := &patientVault{Keychain: d.ports.Keychain, asked: make(chan struct{})}
	d.ports.Keychain = patient
	d.Start(t.Context())
	<-patient.asked
	d.Close()
	same(t, "need attention", d.overview().Attention, 0)
}
