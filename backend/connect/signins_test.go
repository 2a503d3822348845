package connect_test

import (
	"context"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

const day = 24 * time.Hour

// signIn returns the sign-in row of a person.
func (d *desk) signIn(person string) view.SignInRow {
	d.t.Helper()
	rows, err := d.SignIns(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, row := range rows {
		if row.Name == person {
			return row
		}
	}
	d.t.Fatalf("%s is not among %+v", person, rows)
	return view.SignInRow{}
}

func (d *desk) hasState(person, state, reason string) {
	d.t.Helper()
	row := d.signIn(person)
	same(d.t, "state of "+person, row.State+" "+row.Reason, state+" "+reason)
}

// daysToExpiry returns the days from now to the expiry of a sign-in.
func (d *desk) daysToExpiry(person string) int {
	d.t.Helper()
	until, err := time.Parse(time.RFC3339, d.signIn(person).ExpiresAt)
	if err != nil {
		d.t.Fatal(err)
	}
	return int(until.Sub(d.Now()).Round(day) / day)
}

func TestSignInRowHoldsUsageAndExpiry(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	row := d.signIn(jo)
	same(t, "ID", row.ID, d.key(jo).String())
	same(t, "e-mail", row.Email, d.xero.World().Person(jo).Email)
	same(t, "organisations of the sign-in", row.First, []view.UsedOrganisation{{Name: vets, Only: true}})
	same(t, "counts", [2]int{row.Organisations, row.Only}, [2]int{1, 1})
	same(t, "renewed when signed in", row.Renewed, row.Since)
	same(t, "days to the expiry", d.daysToExpiry(jo), 60)
	same(t, "count in the rail", d.overview().SignIns, 1)
	d.hasState(jo, view.StateSaved, "")
}

func TestSignInRowHoldsTheReasonOfTroubleOrEnd(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	d.keychainFails("Load", backend.Fail(backend.KeychainLocked, "", nil))
	d.check()
	d.hasState(jo, view.StateUnchecked, string(backend.KeychainLocked))
	d.keychainFails("Load", backend.ErrNoCredential)
	d.check()
	d.hasState(jo, view.StateEnded, "key-gone")
	same(t, "expiry of an ended sign-in", d.signIn(jo).ExpiresAt, "")
	same(t, "sign-ins", d.overview().SignIns, 1)
}

func TestSessionSignInHasNoExpiryAndEndsWithTheProgram(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.UseThisSessionOnly()
	d.connect(jo, vets)
	d.hasState(jo, view.StateSession, "")
	same(t, "expiry", d.signIn(jo).ExpiresAt, "")
	d = d.restart()
	d.check()
	d.hasState(jo, view.StateEnded, "session")
}
