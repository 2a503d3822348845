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

// clickSignInAgain presses Sign in again for a person and returns the link of the opened
// browser.
func (d *desk) clickSignInAgain(person string) string {
	d.t.Helper()
	if err := d.SignInAgain(d.t.Context(), d.key(person).String()); err != nil {
		d.t.Fatal(err)
	}
	return d.openedLink()
}

// endSignIns ends sign-ins at Xero, as after 60 days, and checks.
func (d *desk) endSignIns(people ...string) {
	d.t.Helper()
	for _, person := range people {
		d.xero.EndTokens(d.xero.World().Person(person).ID, simxero.DemoClientID)
	}
	d.expire()
	d.check()
}

// stored returns the organisations and the history in the register.
func (d *desk) stored() (organisations, history string) {
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

func TestSigningInAgainRetainsOrganisationsAndHistory(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(jo, fjord)
	d.endSignIns(jo)
	d.status(vets, backend.SignInAgain)
	organisations, history := d.stored()

	link := d.clickSignInAgain(jo)
	same(t, "expected person", d.overview().SignIn.Expected, jo)
	d.follow(d.browser.Continue(t.Context(), link, jo))
	c := d.phase(rounds.Done).Connected
	same(t, "reconnected", names(c.Reconnected), []string{vets, fjord})
	same(t, "expected", c.Expected, nil)
	nowOrganisations, nowHistory := d.stored()
	same(t, "organisations", nowOrganisations, organisations)
	same(t, "history", strings.HasPrefix(nowHistory, history+", "), true)
}

func TestUnexpectedPersonIsReportedAndOverwritesNothing(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(jo, fjord)
	d.endSignIns(jo)
	before, _ := d.credential(jo)

	page := d.allow(d.clickSignInAgain(jo), sam, dunes)
	c := d.phase(rounds.Done).Connected
	same(t, "sign-in and expected person", c.SignIn, sam)
	same(t, "expected", *c.Expected, view.Expected{
		SignIn: d.key(jo).String(), Name: jo, Asked: true, Missed: true, Unreached: 2,
	})
	pageSays(t, page, "Signed in as Sam Adeyemi, not as Jo Whitmore")
	pageSays(t, page, "2 organisations still wait for Jo Whitmore")
	same(t, "added", names(c.Added), []string{dunes})
	same(t, "sign-ins of the row", d.row(dunes).SignIns, []string{sam})
	d.status(vets, backend.SignInAgain)
	if now, err := d.credential(jo); err != nil || !now.Refresh.Equal(before.Refresh) {
		t.Errorf("the expected person's credential is now %+v, %v", now, err)
	}

	// The page's link starts a round for the same expected person.
	d.follow(d.browser.Continue(t.Context(), d.nextLink(page), jo))
	o := d.until("the second end", func(o view.Overview) bool { return o.SignIn.Number == 4 && o.SignIn.Connected != nil })
	same(t, "expected", o.SignIn.Connected.Expected, nil)
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

func TestUnexpectedPersonReconnectsSharedOrganisations(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(jo, dunes)
	d.endSignIns(jo)
	page := d.allow(d.clickSignInAgain(jo), sam, dunes)
	e := d.phase(rounds.Done).Connected.Expected
	same(t, "reconnected, unreached", []int{e.Reconnected, e.Unreached}, []int{1, 1})
	same(t, "missed", e.Missed, true)
	pageSays(t, page, "1 organisation is connected through this sign-in now.")
	same(t, "sign-ins of the row", d.row(dunes).SignIns, []string{sam, jo})
	d.status(dunes, backend.Connected)
	d.status(vets, backend.SignInAgain)
}

func TestExpectedPersonIsNotMissedAfterReconnectingAll(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, dunes)
	d.endSignIns(jo)
	page := d.allow(d.clickSignInAgain(jo), sam, dunes)
	e := d.phase(rounds.Done).Connected.Expected
	same(t, "asked and missed", []bool{e.Asked, e.Missed}, []bool{true, false})
	same(t, "reconnected, unreached", []int{e.Reconnected, e.Unreached}, []int{1, 0})
	pageSays(t, page, "Connect another organisation")
	d.allow(d.nextLink(page), sam, "Granary Bakehouse")
	d.until("the next round", func(o view.Overview) bool { return o.Total == 2 })
	same(t, "expected person", d.overview().SignIn.Expected, "")
}

func TestUnexpectedPersonWithoutOrganisationsIsReported(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.endSignIns(jo)
	page := d.follow(d.browser.Continue(t.Context(), d.clickSignInAgain(jo), sam))
	e := d.phase(rounds.Done).Connected.Expected
	same(t, "missed", e.Missed, true)
	pageSays(t, page, "Signed in as Sam Adeyemi, not as Jo Whitmore")
}

func TestLastRequestDecidesTheExpectedPerson(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.endSignIns(jo, sam)
	link := d.clickSignInAgain(jo)
	same(t, "the link", d.clickSignInAgain(sam), link)
	same(t, "expected person", d.overview().SignIn.Expected, sam)
	d.follow(d.browser.Continue(t.Context(), link, sam))
	same(t, "expected", d.phase(rounds.Done).Connected.Expected, nil)
}

func TestLastPersonIsRememberedAfterTheEndOfTheSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.endSignIns(jo)
	c, page := d.connect(sam, dunes)
	same(t, "expected", []any{c.Expected.Name, c.Expected.Asked}, []any{jo, false})
	pageSays(t, page, "Last time it was Jo Whitmore.")
}

func TestPendingGrantOfAnotherPersonIsNotUsedForTheExpectedPerson(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.endSignIns(jo)
	d.ahead.Store(0) // the grant's access token follows the clock of the simulated Xero
	d.keychainFails("Save", backend.Fail(backend.KeychainLocked, "", nil))
	d.allow(d.click(), sam, dunes)
	d.failed()
	d.keychainWorks()
	d.follow(d.browser.Continue(t.Context(), d.clickSignInAgain(jo), jo))
	same(t, "reconnected", names(d.phase(rounds.Done).Connected.Reconnected), []string{vets})
	d.completesWithoutBrowser(dunes)
}

func TestUnknownSignInExpectsNoPerson(t *testing.T) {
	d := launch(t, simxero.Demo())
	if err := d.SignInAgain(t.Context(), "unknown"); err != nil {
		t.Fatal(err)
	}
	same(t, "expected person", d.overview().SignIn.Expected, "")
	d.allow(d.openedLink(), jo, vets)
	d.phase(rounds.Done)
}

func TestTryAgainOnThePageExpectsTheSamePerson(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.endSignIns(jo)
	if err := d.SignInAgain(t.Context(), d.key(jo).String()); err != nil {
		t.Fatal(err)
	}
	page := d.follow(d.browser.Cancel(t.Context(), d.openedLink(), jo))
	d.failed()
	if _, err := d.browser.Open(t.Context(), d.nextLink(page)); err != nil {
		t.Fatal(err)
	}
	same(t, "expected", d.phase(rounds.Waiting).Expected, jo)
}

// The page used to have no way on, because the next click in the window read the client.
func TestThePageOfAPendingGrantOffersAnotherOrganisation(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.xero.Fail(simxero.Connections, simxero.StatusFault(503).Once())
	page := d.follow(d.browser.Allow(t.Context(), d.click(), jo, vets))
	same(t, "failure", d.failed().Code, string(backend.XeroUnavailable))
	pageSays(t, page, "Xero has connected a client. Bookring goes on reading it by itself.")
	pageSays(t, page, "Connect another organisation")
	d.allow(d.nextLink(page), jo, fjord)
	same(t, "added", names(d.phase(rounds.Done).Connected.Added), []string{vets, fjord})
	same(t, "pending", d.Shown().Pending, 0)
}

func TestThePageOfAnUnsavedGrantOffersNoRound(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.keychainFails("Save", backend.Fail(backend.KeychainLocked, "", nil))
	page := d.allow(d.click(), jo, vets)
	d.failed()
	same(t, "offers a round", again.MatchString(page.Body), false)
}
