package connect_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
)

// askFor presses the button that asks for a person, and returns the link
// that the browser is opened with.
func (d *desk) askFor(person string) string {
	d.t.Helper()
	if err := d.SignInAgain(d.t.Context(), d.key(person).String()); err != nil {
		d.t.Fatal(err)
	}
	return d.sent()
}

// ends lets sign-ins end at Xero, as after 60 days, and Bookring find out.
func (d *desk) ends(people ...string) {
	d.t.Helper()
	for _, person := range people {
		d.xero.EndTokens(d.xero.World().Person(person).ID, simxero.DemoClientID)
	}
	d.expire()
	d.check()
}

// kept is what the register holds of organisations and of the past.
func (d *desk) kept() (organisations, history string) {
	d.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, sqlite.FileName)+"?mode=ro")
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for into, query := range map[*string]string{
		&organisations: "SELECT group_concat(key || ' ' || id || ' ' || first_seen_at, ', ' ORDER BY key) FROM organisations",
		&history:       "SELECT group_concat(key || ' ' || at || ' ' || kind || ' ' || name || ' ' || user_name, ', ' ORDER BY key) FROM history",
	} {
		if err := db.QueryRowContext(d.t.Context(), query).Scan(into); err != nil {
			d.t.Fatal(err)
		}
	}
	return organisations, history
}

func TestSigningInAgainKeepsWhatWasKnown(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(jo, "Fjord Analytics Ltd")
	d.ends(jo)
	d.status("Calder Street Vets", backend.SignInAgain)
	organisations, history := d.kept()

	link := d.askFor(jo)
	same(t, "asked for", d.overview().SignIn.Expected, jo)
	d.back(d.browser.Continue(t.Context(), link, jo))
	c := d.phase(rounds.Done).Connected
	same(t, "back", names(c.Reconnected), []string{"Calder Street Vets", "Fjord Analytics Ltd"})
	same(t, "expected", c.Expected, nil)
	nowOrganisations, nowHistory := d.kept()
	same(t, "organisations", nowOrganisations, organisations)
	same(t, "the past", strings.HasPrefix(nowHistory, history+", "), true)
}

func TestAnotherPersonThanAskedForIsNamedAndOverwritesNothing(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(jo, "Fjord Analytics Ltd")
	d.ends(jo)
	before, _ := d.credential(jo)

	page := d.allow(d.askFor(jo), sam, "Dunes Surf School")
	c := d.phase(rounds.Done).Connected
	same(t, "who", c.SignIn, sam)
	same(t, "expected", *c.Expected, view.Expected{
		SignIn: d.key(jo).String(), Name: jo, Asked: true, Missed: true, Unreached: 2,
	})
	says(t, page, "Signed in as Sam Adeyemi, not as Jo Whitmore")
	says(t, page, "2 organisations still wait for Jo Whitmore")
	same(t, "added", names(c.Added), []string{"Dunes Surf School"})
	same(t, "whose", d.row("Dunes Surf School").SignIns, []string{sam})
	d.status("Calder Street Vets", backend.SignInAgain)
	if now, err := d.credential(jo); err != nil || !now.Refresh.Equal(before.Refresh) {
		t.Errorf("the credential of the one asked for is now %+v, %v", now, err)
	}

	// The page's button asks for the same person again.
	d.back(d.browser.Continue(t.Context(), d.another(page), jo))
	o := d.until("the second end", func(o view.Overview) bool { return o.SignIn.Number == 4 && o.SignIn.Connected != nil })
	same(t, "expected", o.SignIn.Connected.Expected, nil)
	d.status("Calder Street Vets", backend.Connected)
	d.status("Dunes Surf School", backend.Connected)
}

func TestWhatAnotherPersonReachesTooIsConnectedThroughThem(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(jo, "Dunes Surf School")
	d.ends(jo)
	page := d.allow(d.askFor(jo), sam, "Dunes Surf School")
	e := d.phase(rounds.Done).Connected.Expected
	same(t, "carried, waiting", []int{e.Reconnected, e.Unreached}, []int{1, 1})
	same(t, "missed", e.Missed, true)
	says(t, page, "1 organisation is connected through this sign-in now.")
	same(t, "who carries it", d.row("Dunes Surf School").SignIns, []string{sam, jo})
	d.status("Dunes Surf School", backend.Connected)
	d.status("Calder Street Vets", backend.SignInAgain)
}

func TestWhoeverCarriesAllInsteadLeavesNobodyMissed(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Dunes Surf School")
	d.ends(jo)
	page := d.allow(d.askFor(jo), sam, "Dunes Surf School")
	e := d.phase(rounds.Done).Connected.Expected
	same(t, "asked, missed", []bool{e.Asked, e.Missed}, []bool{true, false})
	same(t, "carried, waiting", []int{e.Reconnected, e.Unreached}, []int{1, 0})
	says(t, page, "Connect another organisation")
	d.allow(d.another(page), sam, "Granary Bakehouse")
	d.until("the next one", func(o view.Overview) bool { return o.Total == 2 })
	same(t, "asked for", d.overview().SignIn.Expected, "")
}

func TestAnotherPersonWhoReachesNothingIsNamedToo(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.ends(jo)
	page := d.back(d.browser.Continue(t.Context(), d.askFor(jo), sam))
	e := d.phase(rounds.Done).Connected.Expected
	same(t, "missed", e.Missed, true)
	says(t, page, "Signed in as Sam Adeyemi, not as Jo Whitmore")
}

func TestWhoIsAskedForLastIsAskedFor(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d.ends(jo, sam)
	link := d.askFor(jo)
	same(t, "the link", d.askFor(sam), link)
	same(t, "asked for", d.overview().SignIn.Expected, sam)
	d.back(d.browser.Continue(t.Context(), link, sam))
	same(t, "expected", d.phase(rounds.Done).Connected.Expected, nil)
}

func TestTheLastPersonIsRememberedAfterTheirSignInHasEnded(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.ends(jo)
	c, page := d.connect(sam, "Dunes Surf School")
	same(t, "expected", []any{c.Expected.Name, c.Expected.Asked}, []any{jo, false})
	says(t, page, "Last time it was Jo Whitmore.")
}

func TestAGrantOfSomebodyElseIsNotTakenForTheOneAskedFor(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.ends(jo)
	d.ahead.Store(0) // the grant's access is as long as the simulated Xero's clock says
	d.keychainFails("Save", backend.Fail(backend.KeychainLocked, "", nil))
	d.allow(d.click(), sam, "Dunes Surf School")
	d.failed()
	d.keychainFails("", nil)
	d.back(d.browser.Continue(t.Context(), d.askFor(jo), jo))
	same(t, "back", names(d.phase(rounds.Done).Connected.Reconnected), []string{"Calder Street Vets"})
	d.completes("Dunes Surf School")
}

func TestASignInThatIsNotKnownAnyMoreAsksForNobody(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	if err := d.SignInAgain(t.Context(), "nobody"); err != nil {
		t.Fatal(err)
	}
	same(t, "asked for", d.overview().SignIn.Expected, "")
	d.allow(d.sent(), jo, "Calder Street Vets")
	d.phase(rounds.Done)
}
