package connect_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
)

// logLines counts the log's lines with a message; for "" all lines except renewals, because
// every renewal is a change.
func (d *desk) logLines(message string) (n int) {
	for line := range strings.Lines(d.logged()) {
		if strings.Contains(line, message) && (message != "" || !strings.Contains(line, "msg=renewal ")) {
			n++
		}
	}
	return n
}

func TestALastingFailureIsLoggedOnceAndNotAtEveryRetry(t *testing.T) {
	for name, fail := range map[string]func(d *desk){
		"Xero is down":           func(d *desk) { d.xero.Fail(simxero.Connections, simxero.StatusFault(503)) },
		"a limit of Xero's":      func(d *desk) { d.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", "60")) },
		"no renewal":             func(d *desk) { d.xero.Fail(simxero.Renewal, simxero.StatusFault(500)) },
		"an unreadable keychain": func(d *desk) { d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil)) },
		"no network":             func(d *desk) { d.offline() },
		"no details":             func(d *desk) { d.xero.Fail(simxero.Details, simxero.StatusFault(500)) },
		"refused details":        func(d *desk) { d.xero.Fail(simxero.Details, simxero.StatusFault(403)) },
		"an unwritable register": func(d *desk) { d.refuseWrites() },
	} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			d.connect(jo, vets)
			d.connect(sam, dunes)
			d.checked()
			fail(d)
			d.advance(25 * time.Hour)
			d.looks(3)
			before := d.logLines("")
			d.looks(240)
			if n := d.logLines("") - before; n > 0 {
				t.Errorf("%d lines in four hours without a change:\n%s", n, lastLines(d.logged(), n))
			}
			d.CheckNow()
			d.checked()
			if n := d.logLines("check deferred"); n > 2 {
				t.Errorf("%d lines about the deferred checks of two sign-ins", n)
			}
		})
	}
}

func TestADisconnectThatCannotBeSentIsLoggedOnce(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.checked()
	d.xero.Fail(simxero.Disconnect, simxero.StatusFault(500))
	d.disconnect(vets)
	d.looks(240)
	if n := d.logLines("disconnect not sent"); n != 1 {
		t.Errorf("%d lines", n)
	}
}

func TestTheCheckAfterAStoppedCheckIsLogged(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.advance(25 * time.Hour)
	arrived, release := d.holdRequests(1)
	defer release()
	d.CheckNow()
	<-arrived
	d.StopCheck()
	release()
	d.advance(25 * time.Hour)
	before := d.logLines("check ended")
	d.look()
	if n := d.logLines("check ended") - before; n != 1 {
		t.Errorf("%d lines about the end of the check", n)
	}
}

// refuseWrites makes every later change of a sign-in in the register fail.
func (d *desk) refuseWrites() {
	d.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(d.folder, sqlite.FileName))
	if err == nil {
		_, err = db.ExecContext(d.t.Context(), `CREATE TRIGGER refusal BEFORE UPDATE ON sign_ins
			BEGIN SELECT raise(ABORT, 'no writes'); END`)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		d.t.Fatal(err)
	}
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-min(n, 12)):], "\n")
}
