package connect_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/keychain"
	"bookring/backend/rig"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
)

// spoil ends the program and damages its register.
func (d *desk) spoil() *desk {
	d.t.Helper()
	d.leave()
	if err := os.WriteFile(filepath.Join(d.folder, sqlite.FileName), []byte("no database at all"), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return d.restart().hurry()
}

// comesBack starts the program and waits until what was lost was checked.
func (d *desk) comesBack() view.Recovery {
	d.t.Helper()
	d.Start(d.t.Context())
	o := d.until("what was lost", func(o view.Overview) bool {
		return o.Recovery != nil && o.Recovery.KeychainRead && !o.Recovery.Unchecked
	})
	return *o.Recovery
}

func (d *desk) stands(want ...string) {
	d.t.Helper()
	var got []string
	for _, r := range d.rows() {
		got = append(got, fmt.Sprint(r.Name, " ", r.Status, " ", r.SignIns))
	}
	same(d.t, "list", got, want)
}

func TestADamagedListIsRebuiltFromTheKeychainAndXero(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(jo, "Fjord Analytics Ltd")
	d.connect(sam, "Dunes Surf School")
	d = d.spoil()
	same(t, "rows before", len(d.rows()), 0)
	r := d.comesBack()
	d.stands("Calder Street Vets connected [Jo Whitmore]", "Dunes Surf School connected [Sam Adeyemi]",
		"Fjord Analytics Ltd connected [Jo Whitmore]")
	same(t, "recovery", r, view.Recovery{Lost: true, DamagedFolder: r.DamagedFolder, SignIns: 2, KeychainRead: true, Checked: 3})
	if content, err := os.ReadFile(filepath.Join(r.DamagedFolder, sqlite.FileName)); err != nil || string(content) != "no database at all" {
		t.Errorf("kept: %q, %v", content, err)
	}

	d = d.restart().hurry()
	same(t, "said again, until it was read", d.comesBack(), r)
	d.DismissRecovery(t.Context())
	same(t, "put away", d.overview().Recovery, nil)
	d = d.restart()
	d.Start(t.Context())
	d.checked()
	same(t, "and stays away", d.overview().Recovery, nil)
}

func TestABackupIsBroughtUpToDate(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	if _, err := d.ports.Register.BackUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.connect(jo, "Fjord Analytics Ltd")
	d.connect(sam, "Dunes Surf School")
	d = d.spoil()
	same(t, "rows before", len(d.rows()), 1)
	r := d.comesBack()
	d.stands("Calder Street Vets connected [Jo Whitmore]", "Dunes Surf School connected [Sam Adeyemi]",
		"Fjord Analytics Ltd connected [Jo Whitmore]")
	if r.BackupAt == "" || r.SignIns != 1 || r.Checked != 3 {
		t.Errorf("%+v", r)
	}
}

func TestWhatWasForgottenStaysSoWhenTheListIsDamagedAfterwards(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(jo, "Fjord Analytics Ltd")
	if _, err := d.ports.Register.BackUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.forget("Fjord Analytics Ltd")
	d.wait("a fresh backup", func() bool { return strings.Contains(d.logged(), "msg=backup") })
	d = d.spoil()
	d.stands("Calder Street Vets connected [Jo Whitmore]")
	same(t, "from a backup", d.comesBack().BackupAt != "", true)
	d.stands("Calder Street Vets connected [Jo Whitmore]")
}

func TestAListWithoutItsFileIsRebuilt(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.leave()
	d.folder = t.TempDir()
	d = d.restart()
	r := d.comesBack()
	d.stands("Calder Street Vets connected [Jo Whitmore]")
	same(t, "recovery", r, view.Recovery{SignIns: 1, KeychainRead: true, Checked: 1})
}

func TestACredentialThatDoesNotSayWhoseItIsComesBackUnderAPlainName(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	kept, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "kept", kept.Name+" "+kept.Email, "Jo Whitmore jo@penrose.example")
	kept.Name, kept.Email = "", ""
	if err := d.keychain.Save(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	d = d.spoil()
	d.comesBack()
	d.stands(fmt.Sprintf("Calder Street Vets connected [Xero user %.4s]", kept.UserID))
	d.connect(jo, "Fjord Analytics Ltd")
	same(t, "after signing in again", d.row("Calder Street Vets").SignIns, []string{jo})
}

func TestWhatTheKeychainDoesNotSayAfterALossIsAskedLater(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d = d.spoil().hurry()
	d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	d.Start(t.Context())
	o := d.until("the loss", func(o view.Overview) bool { return o.Recovery != nil })
	same(t, "asked", o.Recovery.KeychainRead, false)
	d.keychainFails("", nil)
	d.ahead.Add(int64(2 * time.Hour))
	d.ticks <- struct{}{}
	d.appears("Calder Street Vets")
}

// appears waits for a row that may not be there yet.
func (d *desk) appears(name string) {
	d.t.Helper()
	d.until(name, func(view.Overview) bool {
		rows := d.rows()
		return len(rows) == 1 && rows[0].Name == name && rows[0].Status == string(backend.Connected)
	})
}

func TestASignInThatHasEndedIsNotBroughtBack(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	if err := d.ports.Register.EndSignIn(t.Context(), d.key(jo), backend.RefusedByXero, d.Now()); err != nil {
		t.Fatal(err)
	}
	d = d.restart()
	d.Start(t.Context())
	d.status("Dunes Surf School", backend.Connected)
	d.checked()
	d.status("Calder Street Vets", backend.SignInAgain)
	same(t, "recovery", d.overview().Recovery, nil)
}

func TestWhatBelongsToAnotherServerOrAppIsNotTouched(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	kept, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d.keychain = &keychain.Memory{}
	for _, other := range []backend.SignInKey{
		{Issuer: "http://localhost:1", ClientID: kept.ClientID, UserID: kept.UserID},
		{Issuer: kept.Issuer, ClientID: "another", UserID: kept.UserID},
	} {
		kept.SignInKey = other
		if err := d.keychain.Save(t.Context(), kept); err != nil {
			t.Fatal(err)
		}
	}
	d = d.spoil()
	d.Start(t.Context())
	o := d.until("the keychain", func(o view.Overview) bool { return o.Recovery != nil && o.Recovery.KeychainRead })
	same(t, "sign-ins", o.Recovery.SignIns, 0)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 0)
}

func TestTheClientIDThatWasLostComesFromTheKeychain(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	d.ClientID, d.ClientIDFrom, d.TestServer = "", "", "http://localhost"
	d.sit()
	if err := d.SaveClientID(t.Context(), simxero.DemoClientID); err != nil {
		t.Fatal(err)
	}
	d.connect(jo, "Calder Street Vets")
	d = d.spoil()
	d.ClientID, d.ClientIDFrom = "", ""
	d.assemble()
	d.comesBack()
	d.stands("Calder Street Vets connected [Jo Whitmore]")
	same(t, "client ID", d.overview().ClientID+" "+d.overview().ClientIDFrom, simxero.DemoClientID+" "+connect.FromSettings)
}

// readOnly is a register that may not be written.
type readOnly struct{ rig.Register }

func (readOnly) Unwritten() *backend.Failure {
	return backend.Fail(backend.DatabaseReadOnly, "/folder", nil)
}

func (r readOnly) SaveSetting(context.Context, string, string) error { return r.Unwritten() }

func TestAListThatMayNotBeWrittenIsShownAndNothingElse(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	calls := d.listCalls()
	d = d.restart()
	r := readOnly{d.ports.Register}
	d.ports.Register, d.Opening.ReadOnly = r, r.Unwritten()
	d.assemble()
	d.Start(t.Context())
	d.CameForward()
	want := view.Failed{Code: string(backend.DatabaseReadOnly), Detail: "/folder"}
	same(t, "check now", *view.Failure(backend.AsFailure(d.Connector.CheckNow(t.Context()))), want)
	d.Connect()
	same(t, "connect", d.failed(), want)
	d.noBrowser()
	d.Remove(false, true)
	same(t, "removal", d.overview().Removal.Phase, removal.Idle)
	o := d.overview()
	same(t, "banner", *o.WriteFailure, want)
	same(t, "only read", o.ReadOnly, true)
	same(t, "list", len(d.rows()), 1)
	d.Close()
	same(t, "calls to Xero", d.listCalls(), calls)
}

func TestAListIsRebuiltThoughItsNoticeWasPutAway(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, vets)
	d = d.spoil().hurry()
	d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	d.Start(t.Context())
	d.until("the loss", func(o view.Overview) bool { return o.Recovery != nil })
	d.wait("the answer", func() bool { return strings.Contains(d.logged(), "sign-ins not recalled") })
	d.DismissRecovery(t.Context())
	d.keychainFails("", nil)
	d.ahead.Add(int64(2 * time.Hour))
	d.ticks <- struct{}{}
	d.appears(vets)
}

func TestANoticeThatWasPutAwayDoesNotComeBackAndSayThatAllIsGone(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, vets)
	if _, err := d.ports.Register.BackUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	d = d.spoil().hurry()
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	d.trouble.Store(new(func(method string) error {
		if method == "Keys" {
			asked <- struct{}{}
			<-answer
		}
		return nil
	}))
	d.Start(t.Context())
	<-asked
	same(t, "said", d.overview().Recovery.BackupAt != "", true)
	d.DismissRecovery(t.Context())
	same(t, "put away", d.overview().Recovery, nil)
	before := d.listCalls()
	close(answer)
	d.wait("the check", func() bool { return d.listCalls() > before })
	d.checked()
	d.status(vets, backend.Connected)
	if r := d.overview().Recovery; r != nil {
		t.Errorf("came back: %+v", *r)
	}
}

func TestAClientIDThatIsTypedWhileTheKeychainAsksIsKept(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, vets) // with the app that the keychain then remembers
	d = d.spoil()
	d.ClientID, d.ClientIDFrom = "", ""
	d.assemble()
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	d.trouble.Store(new(func(method string) error {
		if method == "Load" {
			asked <- struct{}{}
			<-answer
		}
		return nil
	}))
	d.Start(t.Context())
	<-asked
	if err := d.SaveClientID(t.Context(), typed); err != nil {
		t.Fatal(err)
	}
	close(answer)
	d.wait("the answer", func() bool { return strings.Contains(d.logged(), "sign-ins recalled") })
	same(t, "client ID", d.overview().ClientID, typed)
}
