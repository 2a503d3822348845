package connect_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

func TestOneClickConnectsOneOrganisation(t *testing.T) {
	d := launch(t, simxero.Demo())
	same(t, "before", d.overview().SignIn, view.Progress{Phase: rounds.Idle})
	link := d.click()
	waiting := d.overview().SignIn
	if waiting.Phase != rounds.Waiting || waiting.Number != 1 || waiting.Deadline == "" || waiting.BrowserFailed {
		t.Errorf("waiting round: %+v", waiting)
	}
	page := d.allow(link, jo, vets)
	done := d.phase(rounds.Done)
	same(t, "outcome", *done.Connected, view.Connected{
		SignIn: jo, Added: []view.Name{{
			ID: d.xero.World().Organisation(vets).ID, Name: vets, Type: backend.OrganisationType,
		}}, Reconnected: []view.Name{}, AlreadyConnected: []view.Name{}, Removed: []view.Name{}, Others: []view.Name{}, Total: 1,
	})
	pageSays(t, page, "Calder Street Vets is connected")
	if strings.Contains(page.Address, "code") {
		t.Errorf("the code is in the address of the page: %s", page.Address)
	}
	row := d.row(vets)
	if row.Status != string(backend.Connected) || !slices.Equal(row.SignIns, []string{jo}) || row.LastChecked == "" {
		t.Errorf("row: %+v", row)
	}
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
}

func TestBrowserPageConnectsTheNextOrganisation(t *testing.T) {
	d := launch(t, simxero.Demo())
	_, page := d.connect(jo, vets)
	for i, name := range []string{"Kererū Joinery Ltd", dunes, fjord} {
		page = d.allow(d.nextLink(page), jo, name)
		o := d.until("the next round", func(o view.Overview) bool {
			return o.SignIn.Number == i+2 && o.SignIn.Phase == rounds.Done
		})
		same(t, "added", names(o.SignIn.Connected.Added), []string{name})
		same(t, "totals", []int{o.Total, o.SignIn.Connected.Total}, []int{i + 2, i + 2})
	}
	d.noBrowserOpened()
}

func TestOneRoundConnectsSeveralOrganisations(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two", "Three", "Four"))
	c, page := d.connect(jo, "One", "Three", "Four")
	same(t, "added", names(c.Added), []string{"Four", "One", "Three"})
	pageSays(t, page, "3 organisations are connected")
}

func TestConsentWithoutNewOrganisationsSaysAlreadyConnected(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.read(1)
	before := d.overview().Revision
	first := d.saved(jo)
	page := d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	done := d.until("the second end", func(o view.Overview) bool { return o.SignIn.Number == 2 && o.SignIn.Connected != nil })
	same(t, "already connected", names(done.SignIn.Connected.AlreadyConnected), []string{vets})
	same(t, "added", names(done.SignIn.Connected.Added), []string{})
	pageSays(t, page, "Calder Street Vets was connected already")
	if done.Revision == before {
		t.Errorf("revision %d after %d", done.Revision, before)
	}
	credential, err := d.credential(jo)
	if err != nil || credential.Generation <= first.Generation || !credential.Previous.Equal(first.Refresh) || credential.Previous.Equal(credential.Refresh) {
		t.Errorf("the newer token has not replaced the older token: %+v, %v", credential, err)
	}
}

func TestNewOrganisationIsFoundAnywhereInXerosList(t *testing.T) {
	w := simxero.Named("One", "Two", "Three", "Four", "Five", "Six")
	d := launch(t, w)
	for i, name := range []string{"Four", "Two", "Six", "One", "Five"} {
		at := d.xero.Fail(simxero.Connections, simxero.Fault{Rewrite: func(b []byte) []byte { return listedAt(b, name, i) }})
		c, _ := d.connect(jo, name)
		at.Stop()
		same(t, "added", names(c.Added), []string{name})
		same(t, "already connected", len(c.AlreadyConnected), i)
	}
}

// listedAt moves the entry of an organisation to a place in Xero's list.
func listedAt(body []byte, name string, place int) []byte {
	var all []map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		return body
	}
	i := slices.IndexFunc(all, func(c map[string]any) bool { return c["tenantName"] == name })
	entry := all[i]
	body, _ = json.Marshal(slices.Insert(slices.Delete(all, i, i+1), place, entry))
	return body
}

func TestDifferentPersonThanLastTimeIsReportedAndOverwritesNothing(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	first, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	c, page := d.connect(sam, dunes)
	same(t, "sign-in and expected person", []string{c.SignIn, c.Expected.Name}, []string{sam, jo})
	same(t, "expected person", c.Expected.Asked || c.Expected.Missed, false)
	pageSays(t, page, "Signed in as Sam Adeyemi. Last time it was Jo Whitmore.")
	if now, err := d.credential(jo); err != nil || !now.Refresh.Equal(first.Refresh) || now.Generation != first.Generation {
		t.Errorf("the first sign-in's credential is now %+v, %v", now, err)
	}
	if _, err := d.credential(sam); err != nil {
		t.Error(err)
	}
	same(t, "sign-ins of the first person's row", d.row(vets).SignIns, []string{jo})

	c, _ = d.connect(sam, builders)
	same(t, "expected person of a repeated sign-in", c.Expected, nil)
	c, _ = d.connect(jo, builders)
	same(t, "organisations of a second sign-in", names(c.AlreadyConnected), []string{builders, vets})
	same(t, "sign-ins of the row", d.row(builders).SignIns, []string{jo, sam})
}

func TestTwoPeopleWithOneEmailAreTwoSignIns(t *testing.T) {
	w := simxero.Named("One", "Two")
	twin := simxero.Person{ID: "7c4f3d3e-0c3a-4be5-9d1c-2f1f0a1b2c3d", GivenName: "Jo", FamilyName: "Whitmore-Hall", Email: w.People[0].Email}
	w.People = append(w.People, twin)
	w.Roles[simxero.Membership{Person: twin.ID, Organisation: w.Organisation("Two").ID}] = simxero.Adviser
	d := launch(t, w)
	d.connect(jo, "One")
	c, _ := d.connect(twin.Name(), "Two")
	same(t, "expected person", c.Expected.Name, jo)
	keys, err := d.keychain.Keys(t.Context())
	if err != nil || len(keys) != 2 {
		t.Errorf("the keychain holds %v, %v", keys, err)
	}
}

func TestTwoOrganisationsMayHaveOneName(t *testing.T) {
	w := simxero.Named("Smith Ltd", "Smith Ltd")
	d := launch(t, w)
	d.connect(jo, w.Organisations[0].ID)
	c, _ := d.connect(jo, w.Organisations[1].ID)
	same(t, "added", c.Added, []view.Name{{ID: w.Organisations[1].ID, Name: "Smith Ltd", Type: backend.OrganisationType}})
	same(t, "already connected", len(c.AlreadyConnected), 1)
	same(t, "rows", len(d.rows()), 2)
}

func TestConnectionOfAnotherTypeIsNamedButNotListed(t *testing.T) {
	w := simxero.Named("Ledger & Lane", "One")
	w.Organisations[0].Type = simxero.TypePractice
	d := launch(t, w)
	c, page := d.connect(jo, "Ledger & Lane")
	same(t, "outcome with other connections only", c, view.Connected{
		SignIn: jo, Added: []view.Name{}, Reconnected: []view.Name{}, AlreadyConnected: []view.Name{}, Removed: []view.Name{},
		Others: []view.Name{{ID: w.Organisations[0].ID, Name: "Ledger & Lane", Type: "PRACTICE"}},
	})
	pageSays(t, page, "Ledger & Lane")
	same(t, "rows", len(d.rows()), 0)
	c, _ = d.connect(jo, "One")
	same(t, "added", names(c.Added), []string{"One"})
	same(t, "others", names(c.Others), []string{"Ledger & Lane"})
	same(t, "rows", len(d.rows()), 1)
}

func TestEmptyListOfXeroIsAFailure(t *testing.T) {
	d := launch(t, simxero.Demo())
	page := d.follow(d.browser.Continue(t.Context(), d.click(), sam))
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.NoOrganisation)})
	pageSays(t, page, "No organisation came back")
	pageSays(t, page, "no-organisation")
	d.click() // a retry opens the browser, because the list would stay empty
}

func TestRoundNoticesARemovedOrganisationAndReconnectsRemoved(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two", "Three"))
	d.connect(jo, "One", "Two")
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation("One").ID)
	c, _ := d.connect(jo, "Three")
	same(t, "connected now", c.Total, 2)
	same(t, "status of the removed organisation", d.row("One").Status, string(backend.Removed))
	same(t, "need attention", d.overview().Attention, 1)
	c, _ = d.connect(jo, "One")
	same(t, "reconnected", names(c.Reconnected), []string{"One"})
	same(t, "status of the reconnected organisation", d.row("One").Status, string(backend.Connected))
}
