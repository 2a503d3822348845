package connect_test

import (
	"fmt"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/keychain"
	"bookring/backend/simxero"
)

const aroha = "Aroha Ngata"

// plan returns the repair plan, as "person organisations" for each step.
func (d *desk) plan() string {
	d.t.Helper()
	repairs := d.overview().Repairs
	steps := make([]string, len(repairs))
	for i, r := range repairs {
		steps[i] = fmt.Sprint(r.Name, " ", r.Organisations)
	}
	return strings.Join(steps, ", ")
}

// counts returns the counts of the overview, as "status organisations".
func (d *desk) counts() string {
	d.t.Helper()
	counts := d.overview().Counts
	all := make([]string, len(counts))
	for i, c := range counts {
		all[i] = fmt.Sprint(c.Status, " ", c.Organisations)
	}
	return strings.Join(all, ", ")
}

// threePeople returns a desk with four organisations of Jo's, three of Sam's and an
// organisation of Aroha's. Jo shares an organisation with Sam, and another with Aroha.
func threePeople(t *testing.T) *desk {
	d := launch(t, simxero.Demo()).skipPauses()
	for _, name := range []string{"Bright Fern Nurseries", vets, "Eastgate Optometry", dunes} {
		d.connect(jo, name)
	}
	for _, name := range []string{dunes, "Granary Bakehouse", "Ó Briain Physiotherapy"} {
		d.connect(sam, name)
	}
	d.connect(aroha, "Bright Fern Nurseries")
	return d
}

func TestRepairPlanStartsWithTheMostUsefulSignIn(t *testing.T) {
	d := threePeople(t)
	same(t, "plan without ended sign-ins", d.plan(), "")
	same(t, "counts", d.counts(), "connected 6")
	d.endSignIns(jo, sam, aroha)
	// Jo also reaches the organisation of Aroha, and an organisation of Sam.
	same(t, "the plan", d.plan(), "Jo Whitmore 4, Sam Adeyemi 2")
	same(t, "counts", d.counts(), "sign-in-again 6")
	same(t, "attention", d.overview().Attention, 6)

	d.follow(d.browser.Continue(t.Context(), d.clickSignInAgain(jo), jo))
	d.phase(rounds.Done)
	same(t, "after Jo", d.plan(), "Sam Adeyemi 2")
	same(t, "counts", d.counts(), "sign-in-again 2, connected 4")
	d.follow(d.browser.Continue(t.Context(), d.clickSignInAgain(sam), sam))
	d.until("the end of the plan", func(o view.Overview) bool { return len(o.Repairs) == 0 })
	same(t, "counts", d.counts(), "connected 6")
}

func TestRepairPlanAllowsAnotherOrder(t *testing.T) {
	d := threePeople(t)
	d.endSignIns(jo, sam, aroha)
	d.follow(d.browser.Continue(t.Context(), d.clickSignInAgain(aroha), aroha))
	d.phase(rounds.Done)
	same(t, "after Aroha", d.plan(), "Jo Whitmore 3, Sam Adeyemi 2")
	d.follow(d.browser.Continue(t.Context(), d.clickSignInAgain(sam), sam))
	d.until("the next end", func(o view.Overview) bool { return len(o.Repairs) == 1 })
	same(t, "after Sam", d.plan(), "Jo Whitmore 2")
}

func TestRepairPlanOmitsRemovedOrganisations(t *testing.T) {
	d := threePeople(t)
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(sam).ID, w.Organisation("Granary Bakehouse").ID)
	d.endSignIns(jo)
	same(t, "counts", d.counts(), "sign-in-again 2, removed 1, connected 3")
	same(t, "the plan", d.plan(), "Jo Whitmore 2")
	same(t, "attention", d.overview().Attention, 3)
}

func TestOtherSignInReachesTheOrganisationAtOnce(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, dunes)
	d.connect(sam, dunes)
	rowIs := func(what string, status backend.Status, people ...string) {
		t.Helper()
		row := d.row(dunes)
		same(t, what, row.Status, string(status))
		same(t, what, row.SignIns, people)
		same(t, what, row.FirstSignIn, d.key(people[0]).String())
	}
	rowIs("the latest sign-in is first", backend.Connected, sam, jo)
	d.endSignIns(sam)
	rowIs("one sign-in has ended", backend.Connected, jo, sam)
	same(t, "plan with a living sign-in", d.plan(), "")
	d.endSignIns(jo)
	rowIs("both sign-ins have ended", backend.SignInAgain, sam, jo)
	d.follow(d.browser.Continue(t.Context(), d.clickSignInAgain(jo), jo))
	d.phase(rounds.Done)
	rowIs("one sign-in is back", backend.Connected, jo, sam)
	d.xero.DisconnectInXero(d.xero.World().Person(jo).ID, d.xero.World().Organisation(dunes).ID)
	d.check()
	rowIs("removed for one sign-in, ended for the other", backend.SignInAgain, sam)
}

func TestDamagedCredentialIsReplacedOnlyBySigningInAgain(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	damaged := backend.Fail(backend.KeychainDamaged, "", nil)
	times := 0
	d.keychainFault.Store(new(func(method string) error {
		if method != "Load" {
			return nil
		}
		if times++; times == 1 {
			return damaged
		}
		return nil
	}))
	d.check()
	same(t, "status after a single misread", d.row(vets).Status, string(backend.Connected))

	d.expire()
	d.keychainFails("Load", damaged)
	d.check()
	row := d.row(vets)
	same(t, "damaged", []string{row.Status, row.Ending}, []string{string(backend.SignInAgain), string(backend.KeyDamaged)})
	d.follow(d.browser.Continue(t.Context(), d.clickSignInAgain(jo), jo))
	d.phase(rounds.Done)
	d.keychainWorks()
	d.expire()
	d.check()
	row = d.row(vets)
	same(t, "replaced", []string{row.Status, row.Ending}, []string{string(backend.Connected), ""})
}

func TestRowsNameTheReasonOfAnEnd(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.endSignIns(jo)
	same(t, "refused", d.row(vets).Ending, string(backend.RefusedByXero))
	d.keychain = &keychain.Memory{}
	d = d.restart()
	d.Start(t.Context())
	d.status(dunes, backend.SignInAgain)
	same(t, "result", d.row(dunes).Ending, string(backend.KeyGone))
}

func TestKeychainFailureEndsNoSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	for _, code := range []backend.Code{
		backend.KeychainMissing, backend.KeychainLocked, backend.KeychainDismissed, backend.KeychainStuck, backend.KeychainFailed,
	} {
		d.expire()
		d.keychainFails("Load", backend.Fail(code, "", nil))
		d.check()
		row := d.row(vets)
		same(t, string(code), []any{row.Status, row.Trouble, row.Shared}, []any{string(backend.NotChecked), string(code), true})
	}
	same(t, "the plan", d.plan(), "")
}
