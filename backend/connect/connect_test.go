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
	d := sitDown(t, simxero.Demo())
	same(t, "before", d.overview().SignIn, view.Progress{Phase: rounds.Idle})
	link := d.click()
	waiting := d.overview().SignIn
	if waiting.Phase != rounds.Waiting || waiting.Number != 1 || waiting.Deadline == "" || waiting.BrowserFailed {
		t.Errorf("while the person is in the browser: %+v", waiting)
	}
	page := d.allow(link, jo, "Calder Street Vets")
	done := d.phase(rounds.Done)
	same(t, "outcome", *done.Connected, view.Connected{
		SignIn: jo, Added: []view.Name{{
			ID: d.xero.World().Organisation("Calder Street Vets").ID, Name: "Calder Street Vets", Type: backend.OrganisationType,
		}}, Reconnected: []view.Name{}, AlreadyConnected: []view.Name{}, Removed: []view.Name{}, Others: []view.Name{}, Total: 1,
	})
	says(t, page, "Calder Street Vets is connected")
	if strings.Contains(page.Address, "code") {
		t.Errorf("the code is in the address of the page: %s", page.Address)
	}
	row := d.row("Calder Street Vets")
	if row.Status != string(backend.Connected) || !slices.Equal(row.SignIns, []string{jo}) || row.LastChecked == "" {
		t.Errorf("the row says %+v", row)
	}
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
}

func TestTheBrowsersPageConnectsTheNextWithoutTheWindow(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	_, page := d.connect(jo, "Calder Street Vets")
	for i, name := range []string{"Kererū Joinery Ltd", "Dunes Surf School", "Fjord Analytics Ltd"} {
		page = d.allow(d.another(page), jo, name)
		o := d.until("the next one", func(o view.Overview) bool {
			return o.SignIn.Number == i+2 && o.SignIn.Phase == rounds.Done
		})
		same(t, "added", names(o.SignIn.Connected.Added), []string{name})
		same(t, "counts along", []int{o.Total, o.SignIn.Connected.Total}, []int{i + 2, i + 2})
	}
	d.noBrowser()
}

func TestSeveralAtOnceAreAsGoodAsOne(t *testing.T) {
	d := sitDown(t, simxero.Named("One", "Two", "Three", "Four"))
	c, page := d.connect(jo, "One", "Three", "Four")
	same(t, "added", names(c.Added), []string{"Four", "One", "Three"})
	says(t, page, "3 organisations are connected")
}

func TestNothingNewIsAlreadyConnected(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.read(1)
	before := d.overview().Revision
	page := d.back(d.browser.Continue(t.Context(), d.click(), jo))
	done := d.until("the second end", func(o view.Overview) bool { return o.SignIn.Number == 2 && o.SignIn.Connected != nil })
	same(t, "known", names(done.SignIn.Connected.AlreadyConnected), []string{"Calder Street Vets"})
	same(t, "added", names(done.SignIn.Connected.Added), []string{})
	says(t, page, "Calder Street Vets was connected already")
	if done.Revision == before {
		t.Errorf("revision %d after %d", done.Revision, before)
	}
	credential, err := d.credential(jo)
	if err != nil || credential.Generation != 2 || credential.Previous.IsZero() || credential.Previous.Equal(credential.Refresh) {
		t.Errorf("the newer token has not taken the place of the older: %+v, %v", credential, err)
	}
}

func TestWhatIsNewIsFoundWhereverXeroListsIt(t *testing.T) {
	w := simxero.Named("One", "Two", "Three", "Four", "Five", "Six")
	d := sitDown(t, w)
	for i, name := range []string{"Four", "Two", "Six", "One", "Five"} {
		at := d.xero.Fail(simxero.Connections, simxero.Fault{Rewrite: func(b []byte) []byte { return listedAt(b, name, i) }})
		c, _ := d.connect(jo, name)
		at.Stop()
		same(t, "added", names(c.Added), []string{name})
		same(t, "known", len(c.AlreadyConnected), i)
	}
}

// listedAt moves the entry of a name to a place in Xero's list.
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

func TestAnotherPersonThanLastTimeIsSaidAndOverwritesNothing(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	first, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	c, page := d.connect(sam, "Dunes Surf School")
	same(t, "who", []string{c.SignIn, c.Expected.Name}, []string{sam, jo})
	same(t, "asked for", c.Expected.Asked || c.Expected.Missed, false)
	says(t, page, "Signed in as Sam Adeyemi. Last time it was Jo Whitmore.")
	if now, err := d.credential(jo); err != nil || !now.Refresh.Equal(first.Refresh) || now.Generation != 1 {
		t.Errorf("the first sign-in's credential is now %+v, %v", now, err)
	}
	if _, err := d.credential(sam); err != nil {
		t.Error(err)
	}
	same(t, "the first one's row", d.row("Calder Street Vets").SignIns, []string{jo})

	c, _ = d.connect(sam, "Abernathy & Sons Builders")
	same(t, "the same person again", c.Expected, nil)
	c, _ = d.connect(jo, "Abernathy & Sons Builders")
	same(t, "reached by a second one", names(c.AlreadyConnected), []string{"Abernathy & Sons Builders", "Calder Street Vets"})
	same(t, "both are named", d.row("Abernathy & Sons Builders").SignIns, []string{jo, sam})
}

func TestTwoPeopleWithOneAddressAreTwoPeople(t *testing.T) {
	w := simxero.Named("One", "Two")
	twin := simxero.Person{ID: "7c4f3d3e-0c3a-4be5-9d1c-2f1f0a1b2c3d", GivenName: "Jo", FamilyName: "Whitmore-Hall", Email: w.People[0].Email}
	w.People = append(w.People, twin)
	w.Roles[simxero.Membership{Person: twin.ID, Organisation: w.Organisation("Two").ID}] = simxero.Adviser
	d := sitDown(t, w)
	d.connect(jo, "One")
	c, _ := d.connect(twin.Name(), "Two")
	same(t, "previous", c.Expected.Name, jo)
	keys, err := d.keychain.Keys(t.Context())
	if err != nil || len(keys) != 2 {
		t.Errorf("the keychain holds %v, %v", keys, err)
	}
}

func TestTwoOrganisationsMayHaveOneName(t *testing.T) {
	w := simxero.Named("Smith Ltd", "Smith Ltd")
	d := sitDown(t, w)
	d.connect(jo, w.Organisations[0].ID)
	c, _ := d.connect(jo, w.Organisations[1].ID)
	same(t, "added", c.Added, []view.Name{{ID: w.Organisations[1].ID, Name: "Smith Ltd", Type: backend.OrganisationType}})
	same(t, "known", len(c.AlreadyConnected), 1)
	same(t, "rows", len(d.rows()), 2)
}

func TestWhatIsNoOrganisationIsNamedAndNotListed(t *testing.T) {
	w := simxero.Named("Ledger & Lane", "One")
	w.Organisations[0].Type = simxero.TypePractice
	d := sitDown(t, w)
	c, page := d.connect(jo, "Ledger & Lane")
	same(t, "only others", c, view.Connected{
		SignIn: jo, Added: []view.Name{}, Reconnected: []view.Name{}, AlreadyConnected: []view.Name{}, Removed: []view.Name{},
		Others: []view.Name{{ID: w.Organisations[0].ID, Name: "Ledger & Lane", Type: "PRACTICE"}},
	})
	says(t, page, "Ledger & Lane")
	same(t, "rows", len(d.rows()), 0)
	c, _ = d.connect(jo, "One")
	same(t, "added", names(c.Added), []string{"One"})
	same(t, "others", names(c.Others), []string{"Ledger & Lane"})
	same(t, "rows", len(d.rows()), 1)
}

func TestAnEmptyListIsAFailureWithWords(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	page := d.back(d.browser.Continue(t.Context(), d.click(), sam))
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.NoOrganisation)})
	says(t, page, "No organisation came back")
	says(t, page, "no-organisation")
	d.click() // and trying again goes to Xero, because the same list would come back
}

func TestWhatWasRemovedAtXeroIsNoticedAndCanComeBack(t *testing.T) {
	d := sitDown(t, simxero.Named("One", "Two", "Three"))
	d.connect(jo, "One", "Two")
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation("One").ID)
	c, _ := d.connect(jo, "Three")
	same(t, "connected now", c.Total, 2)
	same(t, "the removed one", d.row("One").Status, string(backend.Removed))
	same(t, "need attention", d.overview().Attention, 1)
	c, _ = d.connect(jo, "One")
	same(t, "back", names(c.Reconnected), []string{"One"})
	same(t, "the one that came back", d.row("One").Status, string(backend.Connected))
}
