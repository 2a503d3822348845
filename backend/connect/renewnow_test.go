package connect_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

func (d *desk) renewNow(person string) (string, error) {
	d.t.Helper()
	return d.RenewNow(context.Background(), d.key(person).String())
}

func TestRenewNowRenewsWithoutNeedAndSaysUntilWhen(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.pass(20 * time.Minute) // its access lives
	before := d.signIn(jo)
	until, err := d.renewNow(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	same(t, "kept until", d.signIn(jo).ExpiresAt, until)
	same(t, "moved", until > before.ExpiresAt, true)
	same(t, "signed in", d.signIn(jo).Since, before.Since)
	d.check()
	same(t, "what it brought is used", len(d.xero.Requests(simxero.Renewal)), 1)
	d.status("Calder Street Vets", backend.Connected)
}

func TestARenewalThatACheckNeededMovesTheDateToo(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.pass(30 * day)
	same(t, "before", d.keptFor(jo), 30)
	d.check()
	same(t, "after", d.keptFor(jo), 60)
}

func TestRenewNowSaysWhyItDidNotWorkAndLosesNothing(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.pass(30 * day)
	d.line.cut.Store(new(""))
	_, err := d.renewNow(jo)
	same(t, "failure", backend.AsFailure(err).Code, backend.Offline)
	d.is(jo, view.StateUnchecked, string(backend.Offline))
	same(t, "kept for", d.keptFor(jo), 30)
	d.line.cut.Store(nil)
	if _, err := d.renewNow(jo); err != nil {
		t.Fatal(err)
	}
	d.checked()
	d.is(jo, view.StateSaved, "")
	d.status("Calder Street Vets", backend.Connected)
}

func TestRenewNowFindsOutThatASignInHasEnded(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.pass(61 * day)
	d.xero.Fail(simxero.Renewal, simxero.OAuthFault("invalid_grant", ""))
	for range 2 { // the second finds it ended already
		_, err := d.renewNow(jo)
		same(t, "failure", backend.AsFailure(err).Code, backend.SignInEnded)
	}
	d.is(jo, view.StateEnded, "unused")
	d.status("Calder Street Vets", backend.SignInAgain)
}

func TestASignInWhoseKeyIsGoneIsToldAsEnded(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.keychainFails("Load", backend.ErrNoCredential)
	_, err := d.renewNow(jo)
	same(t, "failure", backend.AsFailure(err).Code, backend.SignInEnded)
	d.is(jo, view.StateEnded, "key-gone")
}

// forgetRenewals makes the register as one that knew of none.
func (d *desk) forgetRenewals() {
	d.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, "bookring.db")+"?_busy_timeout=5000")
	if err != nil {
		d.t.Fatal(err)
	}
	_, err = db.ExecContext(context.Background(), "UPDATE sign_ins SET renewed_at = NULL")
	if err := errors.Join(err, db.Close()); err != nil {
		d.t.Fatal(err)
	}
}

func TestASignInOlderThanTheDatesLearnsItsOwnFromTheKeychain(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.forgetRenewals()
	held, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "not known", d.signIn(jo).ExpiresAt, "")
	d = d.restart()
	d.cutOff()
	d.Start(t.Context())
	d.until("the date", func(view.Overview) bool { return d.signIn(jo).Renewed != "" })
	same(t, "renewed", d.signIn(jo).Renewed, held.SavedAt.Format(time.RFC3339))
}
