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

// signIn returns the row of a person.
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

func (d *desk) is(person, state, reason string) {
	d.t.Helper()
	row := d.signIn(person)
	same(d.t, "state of "+person, row.State+" "+row.Reason, state+" "+reason)
}

// keptFor returns for how many days from now a sign-in is kept.
func (d *desk) keptFor(person string) int {
	d.t.Helper()
	until, err := time.Parse(time.RFC3339, d.signIn(person).ExpiresAt)
	if err != nil {
		d.t.Fatal(err)
	}
	return int(until.Sub(d.Now()).Round(day) / day)
}

func TestASignInSaysWhatItCarriesAndUntilWhenItIsKept(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	row := d.signIn(jo)
	same(t, "ID", row.ID, d.key(jo).String())
	same(t, "e-mail", row.Email, d.xero.World().Person(jo).Email)
	same(t, "carries", row.First, []view.UsedOrganisation{{Name: "Calder Street Vets", Only: true}})
	same(t, "counts", [2]int{row.Organisations, row.Only}, [2]int{1, 1})
	same(t, "renewed when signed in", row.Renewed, row.Since)
	same(t, "kept for", d.keptFor(jo), 60)
	same(t, "count in the rail", d.overview().SignIns, 1)
	d.is(jo, view.StateSaved, "")
}

func TestASignInSaysWhyItIsNotCheckedOrHasEnded(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.expire()
	d.keychainFails("Load", backend.Fail(backend.KeychainLocked, "", nil))
	d.check()
	d.is(jo, view.StateUnchecked, string(backend.KeychainLocked))
	d.keychainFails("Load", backend.ErrNoCredential)
	d.check()
	d.is(jo, view.StateEnded, "key-gone")
	same(t, "an ended one is not kept", d.signIn(jo).ExpiresAt, "")
	same(t, "but counted", d.overview().SignIns, 1)
}

func TestASignInForOneSessionIsKeptUntilTheProgramEnds(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.UseThisSessionOnly()
	d.connect(jo, "Calder Street Vets")
	d.is(jo, view.StateSession, "")
	same(t, "kept until", d.signIn(jo).ExpiresAt, "")
	d = d.restart()
	d.check()
	d.is(jo, view.StateEnded, "session")
}
