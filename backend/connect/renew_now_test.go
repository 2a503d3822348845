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

func TestRenewNowRenewsAtOnceAndReturnsTheExpiry(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.advance(20 * time.Minute) // the access token lives
	before := d.signIn(jo)
	until, err := d.renewNow(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	same(t, "expiry", d.signIn(jo).ExpiresAt, until)
	same(t, "later expiry", until > before.ExpiresAt, true)
	same(t, "signed in", d.signIn(jo).Since, before.Since)
	d.check()
	same(t, "renewals after a check", len(d.xero.Requests(simxero.Renewal)), 1)
	d.status(vets, backend.Connected)
}

func TestRenewalOfACheckMovesTheExpiry(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.advance(30 * day)
	same(t, "before", d.daysToExpiry(jo), 30)
	d.check()
	same(t, "after", d.daysToExpiry(jo), 60)
}

func TestFailedRenewNowReportsTheReason(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.advance(30 * day)
	d.offline()
	_, err := d.renewNow(jo)
	same(t, "failure", backend.AsFailure(err).Code, backend.Offline)
	d.hasState(jo, view.StateUnchecked, string(backend.Offline))
	same(t, "days to the expiry", d.daysToExpiry(jo), 30)
	d.online()
	if _, err := d.renewNow(jo); err != nil {
		t.Fatal(err)
	}
	d.checked()
	d.hasState(jo, view.StateSaved, "")
	d.status(vets, backend.Connected)
}

func TestRenewNowFindsAnEndedSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.advance(61 * day)
	d.xero.Fail(simxero.Renewal, simxero.OAuthFault("invalid_grant", ""))
	for range 2 { // the second call finds an ended sign-in
		_, err := d.renewNow(jo)
		same(t, "failure", backend.AsFailure(err).Code, backend.SignInEnded)
	}
	d.hasState(jo, view.StateEnded, "unused")
	d.status(vets, backend.SignInAgain)
}

func TestRenewNowWithoutACredentialEndsTheSignIn(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.keychainFails("Load", backend.ErrNoCredential)
	_, err := d.renewNow(jo)
	same(t, "failure", backend.AsFailure(err).Code, backend.SignInEnded)
	d.hasState(jo, view.StateEnded, "key-gone")
}

// clearRenewals deletes the renewal times from the register.
func (d *desk) clearRenewals() {
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

func TestUnknownRenewalTimeIsReadFromTheKeychain(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.clearRenewals()
	held, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "unknown expiry", d.signIn(jo).ExpiresAt, "")
	d = d.restart()
	d.goOffline()
	d.Start(t.Context())
	d.until("the date", func(view.Overview) bool { return d.signIn(jo).Renewed != "" })
	same(t, "renewed", d.signIn(jo).Renewed, held.SavedAt.Format(time.RFC3339))
}
