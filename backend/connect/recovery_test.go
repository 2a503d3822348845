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

// damageRegister ends the program, damages the register and launches the program.
func (d *desk) damageRegister() *desk {
	d.t.Helper()
	d.quit()
	if err := os.WriteFile(filepath.Join(d.folder, sqlite.FileName), []byte("no database at all"), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return d.restart().skipPauses()
}

// awaitRecovery starts the program and waits for the check of every recalled sign-in.
func (d *desk) awaitRecovery() view.Recovery {
	d.t.Helper()
	d.Start(d.t.Context())
	o := d.until("the recovery", func(o view.Overview) bool {
		return o.Recovery != nil && o.Recovery.KeychainRead && !o.Recovery.Unchecked
	})
	return *o.Recovery
}

func (d *desk) hasRows(want ...string) {
	d.t.Helper()
	var got []string
	for _, r := range d.rows() {
		got = append(got, fmt.Sprint(r.Name, " ", r.Status, " ", r.SignIns))
	}
	same(d.t, "list", got, want)
}

func TestDamagedListIsRebuiltFromTheKeychainAndXero(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(jo, fjord)
	d.connect(sam, dunes)
	d = d.damageRegister()
	same(t, "rows before", len(d.rows()), 0)
	r := d.awaitRecovery()
	d.hasRows("Calder Street Vets connected [Jo Whitmore]", "Dunes Surf School connected [Sam Adeyemi]",
		"Fjord Analytics Ltd connected [Jo Whitmore]")
	same(t, "recovery", r, view.Recovery{Lost: true, DamagedFolder: r.DamagedFolder, SignIns: 2, KeychainRead: true, Checked: 3})
	if content, err := os.ReadFile(filepath.Join(r.DamagedFolder, sqlite.FileName)); err != nil || string(content) != "no database at all" {
		t.Errorf("damaged file: %q, %v", content, err)
	}

	d = d.restart().skipPauses()
	same(t, "notice after a restart", d.awaitRecovery(), r)
	d.DismissRecovery(t.Context())
	same(t, "dismissed notice", d.overview().Recovery, nil)
	d = d.restart()
	d.Start(t.Context())
	d.checked()
	same(t, "notice after a restart", d.overview().Recovery, nil)
}

func TestRestoredBackupIsBroughtUpToDate(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	if _, err := d.ports.Register.BackUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.connect(jo, fjord)
	d.connect(sam, dunes)
	d = d.damageRegister()
	same(t, "rows before", len(d.rows()), 1)
	r := d.awaitRecovery()
	d.hasRows("Calder Street Vets connected [Jo Whitmore]", "Dunes Surf School connected [Sam Adeyemi]",
		"Fjord Analytics Ltd connected [Jo Whitmore]")
	if r.BackupAt == "" || r.SignIns != 1 || r.Checked != 3 {
		t.Errorf("%+v", r)
	}
}

func TestForgottenOrganisationStaysForgottenAfterDamage(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(jo, fjord)
	if _, err := d.ports.Register.BackUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.forget(fjord)
	d.wait("a fresh backup", func() bool { return strings.Contains(d.logged(), "msg=backup") })
	d = d.damageRegister()
	d.hasRows("Calder Street Vets connected [Jo Whitmore]")
	same(t, "from a backup", d.awaitRecovery().BackupAt != "", true)
	d.hasRows("Calder Street Vets connected [Jo Whitmore]")
}

func TestMissingListIsRebuilt(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.quit()
	d.folder = t.TempDir()
	d = d.restart()
	r := d.awaitRecovery()
	d.hasRows("Calder Street Vets connected [Jo Whitmore]")
	same(t, "recovery", r, view.Recovery{SignIns: 1, KeychainRead: true, Checked: 1})
}

func TestCredentialWithoutANameIsRecalledUnderAPlaceholder(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	saved, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "saved", saved.Name+" "+saved.Email, "Jo Whitmore jo@penrose.example")
	saved.Name, saved.Email = "", ""
	if err := d.keychain.Save(t.Context(), saved); err != nil {
		t.Fatal(err)
	}
	d = d.damageRegister()
	d.awaitRecovery()
	d.hasRows(fmt.Sprintf("Calder Street Vets connected [Xero user %.4s]", saved.UserID))
	d.connect(jo, fjord)
	same(t, "after signing in again", d.row(vets).SignIns, []string{jo})
}

func TestLockedKeychainIsRecalledLater(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d = d.damageRegister().skipPauses()
	d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	d.Start(t.Context())
	o := d.until("the loss", func(o view.Overview) bool { return o.Recovery != nil })
	same(t, "asked", o.Recovery.KeychainRead, false)
	d.keychainWorks()
	d.ahead.Add(int64(2 * time.Hour))
	d.ticks <- struct{}{}
	d.awaitRow(vets)
}

// awaitRow waits for the only row, connected.
func (d *desk) awaitRow(name string) {
	d.t.Helper()
	d.until(name, func(view.Overview) bool {
		rows := d.rows()
		return len(rows) == 1 && rows[0].Name == name && rows[0].Status == string(backend.Connected)
	})
}

func TestEndedSignInIsNotRecalled(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	if err := d.ports.Register.EndSignIn(t.Context(), d.key(jo), backend.RefusedByXero, d.Now()); err != nil {
		t.Fatal(err)
	}
	d = d.restart()
	d.Start(t.Context())
	d.status(dunes, backend.Connected)
	d.checked()
	d.status(vets, backend.SignInAgain)
	same(t, "recovery", d.overview().Recovery, nil)
}

func TestCredentialsOfAnotherServerOrAppAreNotRecalled(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	saved, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d.keychain = &keychain.Memory{}
	for _, other := range []backend.SignInKey{
		{Issuer: "http://localhost:1", ClientID: saved.ClientID, UserID: saved.UserID},
		{Issuer: saved.Issuer, ClientID: "another", UserID: saved.UserID},
	} {
		saved.SignInKey = other
		if err := d.keychain.Save(t.Context(), saved); err != nil {
			t.Fatal(err)
		}
	}
	d = d.damageRegister()
	d.Start(t.Context())
	o := d.until("the keychain", func(o view.Overview) bool { return o.Recovery != nil && o.Recovery.KeychainRead })
	same(t, "sign-ins", o.Recovery.SignIns, 0)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 0)
}

func TestLostClientIDIsRecalledFromTheKeychain(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	d.ClientID, d.ClientIDFrom, d.TestServer = "", "", "http://localhost"
	d.launch()
	if err := d.SaveClientID(t.Context(), simxero.DemoClientID); err != nil {
		t.Fatal(err)
	}
	d.connect(jo, vets)
	d = d.damageRegister()
	d.ClientID, d.ClientIDFrom = "", ""
	d.rebuild()
	d.awaitRecovery()
	d.hasRows("Calder Street Vets connected [Jo Whitmore]")
	same(t, "client ID", d.overview().ClientID+" "+d.overview().ClientIDFrom, simxero.DemoClientID+" "+connect.FromSettings)
}

// readOnly is a read-only register.
type readOnly struct{ rig.Register }

func (readOnly) Unwritten() *backend.Failure {
	return backend.Fail(backend.DatabaseReadOnly, "/folder", nil)
}

func (r readOnly) SaveSetting(context.Context, string, string) error { return r.Unwritten() }

func TestReadOnlyListIsOnlyShown(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	calls := d.listCalls()
	d = d.restart()
	r := readOnly{d.ports.Register}
	d.ports.Register, d.Opening.ReadOnly = r, r.Unwritten()
	d.rebuild()
	d.Start(t.Context())
	d.CameForward()
	want := view.Failed{Code: string(backend.DatabaseReadOnly), Detail: "/folder"}
	same(t, "check now", *view.Failure(backend.AsFailure(d.Connector.CheckNow(t.Context()))), want)
	d.Connect()
	same(t, "connect", d.failed(), want)
	d.noBrowserOpened()
	d.Remove(false, true)
	same(t, "removal", d.overview().Removal.Phase, removal.Idle)
	o := d.overview()
	same(t, "banner", *o.WriteFailure, want)
	same(t, "read-only", o.ReadOnly, true)
	same(t, "list", len(d.rows()), 1)
	d.Close()
	same(t, "calls to Xero", d.listCalls(), calls)
}

func TestListIsRebuiltAfterTheNoticeWasDismissed(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d = d.damageRegister().skipPauses()
	d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	d.Start(t.Context())
	d.until("the loss", func(o view.Overview) bool { return o.Recovery != nil })
	d.wait("the answer", func() bool { return strings.Contains(d.logged(), "sign-ins not recalled") })
	d.DismissRecovery(t.Context())
	d.keychainWorks()
	d.ahead.Add(int64(2 * time.Hour))
	d.ticks <- struct{}{}
	d.awaitRow(vets)
}

func TestDismissedNoticeStaysDismissedAfterTheRecall(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	if _, err := d.ports.Register.BackUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	d = d.damageRegister().skipPauses()
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	d.keychainFault.Store(new(func(method string) error {
		if method == "Keys" {
			asked <- struct{}{}
			<-answer
		}
		return nil
	}))
	d.Start(t.Context())
	<-asked
	same(t, "notice with a backup", d.overview().Recovery.BackupAt != "", true)
	d.DismissRecovery(t.Context())
	same(t, "dismissed notice", d.overview().Recovery, nil)
	before := d.listCalls()
	close(answer)
	d.wait("the check", func() bool { return d.listCalls() > before })
	d.checked()
	d.status(vets, backend.Connected)
	if r := d.overview().Recovery; r != nil {
		t.Errorf("the dismissed notice is back: %+v", *r)
	}
}

func TestClientIDTypedDuringAKeychainPromptWins(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets) // the credential holds the client ID
	d = d.damageRegister()
	d.ClientID, d.ClientIDFrom = "", ""
	d.rebuild()
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	d.keychainFault.Store(new(func(method string) error {
		if method == "Load" {
			asked <- struct{}{}
			<-answer
		}
		return nil
	}))
	d.Start(t.Context())
	<-asked
	if err := d.SaveClientID(t.Context(), typedID); err != nil {
		t.Fatal(err)
	}
	close(answer)
	d.wait("the answer", func() bool { return strings.Contains(d.logged(), "sign-ins recalled") })
	same(t, "client ID", d.overview().ClientID, typedID)
}
