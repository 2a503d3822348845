package sqlite_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"bookring/backend"
)

func TestAddedOrganisationsAreTheDifferenceToTheRegister(t *testing.T) {
	r := open(t, t.TempDir())
	same(t, "first list", changed(reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)),
		"added [Bakery, Cafe] back [] known [] removed [] total 2")
	same(t, "several new organisations, in Xero's order", changed(reconcile(t, r, anna(), lists(anna(), "Zoo", "Bakery", "Abbey", "Cafe"), 2)),
		"added [Zoo, Abbey] back [] known [Bakery, Cafe] removed [] total 4")
	same(t, "nothing new", changed(reconcile(t, r, anna(), lists(anna(), "Zoo", "Bakery", "Abbey", "Cafe"), 3)),
		"added [] back [] known [Zoo, Bakery, Abbey, Cafe] removed [] total 4")
}

func TestAnUnlistedOrganisationIsRemovedAndComesBack(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	same(t, "removed", changed(reconcile(t, r, anna(), lists(anna(), "Cafe"), 2)),
		"added [] back [] known [Cafe] removed [Bakery] total 1")
	same(t, "still removed", changed(reconcile(t, r, anna(), lists(anna(), "Cafe"), 3)),
		"added [] back [] known [Cafe] removed [] total 1")
	same(t, "list", statuses(all(t, r)), "Bakery removed, Cafe connected")
	same(t, "last sign-in", strings.Join(all(t, r)[0].SignIns, ", "), "Anna Lee")
	if got := all(t, r)[0].LastChecked; !got.Equal(at(3)) {
		t.Errorf("last checked %v; Xero's list was read again at %v", got, at(3))
	}
	same(t, "again", changed(reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 4)),
		"added [] back [Bakery] known [Cafe] removed [] total 2")
	same(t, "an empty list", changed(reconcile(t, r, anna(), nil, 5)),
		"added [] back [] known [] removed [Bakery, Cafe] total 0")
	same(t, "history", history(t, folder), "signed-in Anna, connected Bakery Anna, connected Cafe Anna, "+
		"removed Bakery Anna, back Bakery Anna, removed Bakery Anna, removed Cafe Anna")
}

func TestTwoSignInsReachOneOrganisation(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	same(t, "known through the other", changed(reconcile(t, r, ben(), lists(ben(), "Bakery"), 2)),
		"added [] back [] known [Bakery] removed [] total 1")
	same(t, "the latest sign-in first", strings.Join(all(t, r)[0].SignIns, ", "), "Ben Ito, Anna Lee")

	end(t, r, ben(), 3)
	same(t, "connected through the other sign-in", statuses(all(t, r)), "Bakery connected")
	same(t, "the live sign-in first", strings.Join(all(t, r)[0].SignIns, ", "), "Anna Lee, Ben Ito")

	reconcile(t, r, ben(), lists(ben(), "Bakery"), 4)
	same(t, "removed for a sign-in", changed(reconcile(t, r, anna(), nil, 5)),
		"added [] back [] known [] removed [] total 1")
	same(t, "remaining sign-in", strings.Join(all(t, r)[0].SignIns, ", "), "Ben Ito")
	same(t, "removed for both", changed(reconcile(t, r, ben(), nil, 6)),
		"added [] back [] known [] removed [Bakery] total 0")
}

func TestANewSignInBringsTheOrganisationsOfAnEndedSignInBack(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	end(t, r, anna(), 2)
	end(t, r, anna(), 3)
	same(t, "ended", statuses(all(t, r)), "Bakery sign-in-again, Cafe sign-in-again")
	if live, err := r.SignIns(t.Context()); err != nil || len(live) != 0 {
		t.Errorf("live sign-ins: %v, %v", live, err)
	}
	same(t, "signed in again, with less", changed(reconcile(t, r, person("Anna Lee", 4), lists(anna(), "Bakery"), 5)),
		"added [] back [Bakery] known [] removed [Cafe] total 1")
	same(t, "list", statuses(all(t, r)), "Bakery connected, Cafe removed")
	same(t, "history", history(t, folder), "signed-in Anna, connected Bakery Anna, connected Cafe Anna, ended Anna, "+
		"signed-in Anna, back Bakery Anna, removed Cafe Anna")
}

func TestAnOrganisationOfAnEndedSignInIsNotRemoved(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	reconcile(t, r, ben(), lists(ben(), "Bakery"), 2)
	end(t, r, anna(), 3)
	same(t, "changes", changed(reconcile(t, r, ben(), nil, 4)), "added [] back [] known [] removed [] total 0")
	same(t, "list", statuses(all(t, r)), "Bakery sign-in-again")
}

func TestARefusalLastsUntilTheDetailsAreRead(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	must(t, r.SaveRefusal(t.Context(), "bakery", at(2)))
	must(t, r.SaveRefusal(t.Context(), "bakery", at(3)))
	must(t, r.SaveRefusal(t.Context(), "unknown", at(3)))
	same(t, "refused", statuses(all(t, r)), "Bakery no-access, Cafe connected")
	same(t, "listed again", changed(reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 4)),
		"added [] back [] known [Bakery, Cafe] removed [] total 1")
	must(t, r.SaveDetails(t.Context(), "bakery", backend.Details{Country: "NZ", Currency: "NZD"}, at(5)))
	bakery := all(t, r)[0]
	same(t, "read", statuses([]backend.Organisation{bakery}), "Bakery connected")
	same(t, "details", bakery.Country+" "+bakery.Currency, "NZ NZD")
	same(t, "history", history(t, folder), "signed-in Anna, connected Bakery Anna, connected Cafe Anna, refused Bakery")
}

func TestARefusalEndsWithTheConnection(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	must(t, r.SaveRefusal(t.Context(), "bakery", at(2)))
	reconcile(t, r, anna(), nil, 3)
	same(t, "removed", statuses(all(t, r)), "Bakery removed")
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 4)
	same(t, "back", statuses(all(t, r)), "Bakery connected")
}

func TestARenamingIsInTheHistory(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	renamed := lists(anna(), "Bakery")
	renamed[0].Name = "Boulangerie"
	same(t, "changes", changed(reconcile(t, r, anna(), renamed, 2)), "added [] back [] known [Boulangerie] removed [] total 1")
	same(t, "found by the new name", names(page(t, r, backend.Query{Search: "boul", Limit: 9}).Rows), "Boulangerie")
	same(t, "history", history(t, folder), "signed-in Anna, connected Bakery Anna, renamed Bakery>Boulangerie Anna")
}

func TestConnectionsOfOtherTypesAreNotRecorded(t *testing.T) {
	r := open(t, t.TempDir())
	listed := lists(anna(), "Bakery", "Practice", "Odd")
	listed[1].Type, listed[2].Type = "PRACTICE", ""
	same(t, "changes", changed(reconcile(t, r, anna(), listed, 1)), "added [Bakery] back [] known [] removed [] total 1")
	same(t, "list", names(all(t, r)), "Bakery")
}

func TestTwoOrganisationsWithOneNameAreTwoRows(t *testing.T) {
	r := open(t, t.TempDir())
	listed := lists(anna(), "Demo Company", "Other")
	listed[1].Name = "Demo Company"
	same(t, "changes", changed(reconcile(t, r, anna(), listed, 1)),
		"added [Demo Company, Demo Company] back [] known [] removed [] total 2")
	if rows := all(t, r); len(rows) != 2 || rows[0].ID == rows[1].ID {
		t.Errorf("got %v", rows)
	}
}

// After a disconnect and a new connection of an organisation, Xero gives the connection a new ID.
func TestConnectionIDsMayChangeMoveAndRepeat(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	listed := lists(anna(), "Bakery", "Cafe")
	reconcile(t, r, anna(), listed, 1)
	listed[0].ID, listed[1].ID = "another", listed[0].ID
	same(t, "one new, one moved", changed(reconcile(t, r, anna(), listed, 2)),
		"added [] back [] known [Bakery, Cafe] removed [] total 2")

	older, newer := listed[0], listed[0]
	older.ID, newer.ID, newer.UpdatedAt = "older", "newer", at(9)
	same(t, "one organisation twice", changed(reconcile(t, r, anna(), []backend.Connection{newer, listed[1], older, newer}, 3)),
		"added [] back [] known [Bakery, Cafe] removed [] total 2")
	var id string
	must(t, file(t, folder).QueryRowContext(t.Context(), `SELECT xero_id FROM connections c
		JOIN organisations o ON o.key = c.organisation WHERE o.id = 'bakery'`).Scan(&id))
	same(t, "the last updated connection", id, "newer")
}

func TestHostileNamesAreRecordedUnchanged(t *testing.T) {
	r := open(t, t.TempDir())
	hostile := []string{
		`'); DROP TABLE organisations;--`, `<script>alert(1)</script>`, `=cmd|'/c calc'!A1`, `%_%`,
		"\"\\\u202e\x00\xff", strings.Repeat("ü", 10_000), "",
	}
	s := anna()
	s.Name, s.Email = hostile[0], hostile[1]
	listed := lists(s, hostile...)
	for i := range listed {
		listed[i].OrganisationID = fmt.Sprint(i)
	}
	got := reconcile(t, r, s, listed, 1)
	for i, o := range got.Added {
		same(t, "name", o.Name, hostile[i])
		same(t, "sign-in", o.SignIns[0], s.Name)
	}
	same(t, "list", fmt.Sprint(len(all(t, r))), fmt.Sprint(len(hostile)))
}

func TestParallelListsLoseNothing(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	const people, rounds = 8, 10 / min(slow, 2)
	var wait sync.WaitGroup
	for p := range people {
		wait.Go(func() {
			s := person(fmt.Sprintf("Person%d", p), p)
			var mine []string
			for i := range rounds {
				mine = append(mine, fmt.Sprintf("%d of %d", i, p))
				if _, err := r.Reconcile(t.Context(), s, backend.List{Connections: lists(s, append(mine, "Shared")...)}, at(i)); err != nil {
					t.Error(err)
				}
				if _, err := r.Organisations(t.Context(), backend.Query{Limit: 10}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	got := page(t, r, backend.Query{Limit: 500})
	if got.Total != people*rounds+1 || got.Attention != 0 {
		t.Errorf("%d organisations, %d need attention; want %d, 0", got.Total, got.Attention, people*rounds+1)
	}
	shared := page(t, r, backend.Query{Search: "shared", Limit: 1}).Rows[0]
	if len(shared.SignIns) != people || shared.SignIns[0] != "Person7" {
		t.Errorf("the shared organisation has the sign-ins %v", shared.SignIns)
	}
}

func TestAListUnderstoodInPartConcludesNothingFromAnAbsence(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe", "Deli"), 1)
	disconnect(t, r, 2, "deli")
	part := backend.List{Connections: lists(anna(), "Bakery"), Part: backend.Part{Entries: 2, Odd: 1}}
	changes, err := r.Reconcile(t.Context(), anna(), part, at(3))
	must(t, err)
	same(t, "changes", changed(changes), "added [] back [] known [Bakery] removed [] total 2")
	same(t, "list", statuses(all(t, r)), "Bakery connected, Cafe not-checked, Deli disconnected")
	pending, err := r.PendingDisconnects(t.Context(), anna().SignInKey)
	must(t, err)
	same(t, "pending disconnects", fmt.Sprint(len(pending.Connections)), "1")
	for _, o := range all(t, r) {
		same(t, o.Name+" checked", fmt.Sprint(o.LastChecked.Equal(at(3))), fmt.Sprint(o.Name == "Bakery"))
	}
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 4)
	same(t, "list", statuses(all(t, r)), "Bakery connected, Cafe removed, Deli disconnected")
}

func TestAnOrganisationWithoutANameInTheListKeepsItsName(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	nameless := lists(anna(), "Bakery", "Cafe")
	nameless[0].Name, nameless[1].Name = backend.Say.Name.Missing, backend.Say.Name.Missing
	reconcile(t, r, anna(), nameless, 2)
	same(t, "list", names(all(t, r)), backend.Say.Name.Missing+", Bakery")
}
