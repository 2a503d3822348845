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

// plan is "person organisations" for each step of the repair plan.
func (d *desk) plan() string {
	d.t.Helper()
	repairs := d.overview().Repairs
	steps := make([]string, len(repairs))
	for i, r := range repairs {
		steps[i] = fmt.Sprint(r.Name, " ", r.Organisations)
	}
	return strings.Join(steps, ", ")
}

// counts is "status organisations" for each status that any organisation has.
func (d *desk) counts() string {
	d.t.Helper()
	counts := d.overview().Counts
	all := make([]string, len(counts))
	for i, c := range counts {
		all[i] = fmt.Sprint(c.Status, " ", c.Organisations)
	}
	return strings.Join(all, ", ")
}

// threePeople is a desk where Jo has connected four organisations, Sam three and
// Aroha one; one of Jo's and Sam's is the same, and so is one of Jo's and Aroha's.
func threePeople(t *testing.T) *desk {
	d := sitDown(t, simxero.Demo()).hurry()
	for _, name := range []string{"Bright Fern Nurseries", "Calder Street Vets", "Eastgate Optometry", "Dunes Surf School"} {
		d.connect(jo, name)
	}
	for _, name := range []string{"Dunes Surf School", "Granary Bakehouse", "Ó Briain Physiotherapy"} {
		d.connect(sam, name)
	}
	d.connect(aroha, "Bright Fern Nurseries")
	return d
}

func TestTheRepairPlanIsInTheOrderThatRepairsMost(t *testing.T) {
	d := threePeople(t)
	same(t, "nothing to repair", d.plan(), "")
	same(t, "counts", d.counts(), "connected 6")
	d.ends(jo, sam, aroha)
	// Whom Jo reaches needs neither Sam nor Aroha any more.
	same(t, "the plan", d.plan(), "Jo Whitmore 4, Sam Adeyemi 2")
	same(t, "counts", d.counts(), "sign-in-again 6")
	same(t, "attention", d.overview().Attention, 6)

	d.back(d.browser.Continue(t.Context(), d.askFor(jo), jo))
	d.phase(rounds.Done)
	same(t, "after Jo", d.plan(), "Sam Adeyemi 2")
	same(t, "counts", d.counts(), "sign-in-again 2, connected 4")
	d.back(d.browser.Continue(t.Context(), d.askFor(sam), sam))
	d.until("the end of the plan", func(o view.Overview) bool { return len(o.Repairs) == 0 })
	same(t, "counts", d.counts(), "connected 6")
}

func TestAnotherOrderRepairsAsMuch(t *testing.T) {
	d := threePeople(t)
	d.ends(jo, sam, aroha)
	d.back(d.browser.Continue(t.Context(), d.askFor(aroha), aroha))
	d.phase(rounds.Done)
	same(t, "after Aroha", d.plan(), "Jo Whitmore 3, Sam Adeyemi 2")
	d.back(d.browser.Continue(t.Context(), d.askFor(sam), sam))
	d.until("the next end", func(o view.Overview) bool { return len(o.Repairs) == 1 })
	same(t, "after Sam", d.plan(), "Jo Whitmore 2")
}

func TestWhatNeedsSomethingElseIsNotInThePlan(t *testing.T) {
	d := threePeople(t)
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(sam).ID, w.Organisation("Granary Bakehouse").ID)
	d.ends(jo)
	same(t, "counts", d.counts(), "sign-in-again 2, removed 1, connected 3")
	same(t, "the plan", d.plan(), "Jo Whitmore 2")
	same(t, "attention", d.overview().Attention, 3)
}

func TestTheOtherSignInCarriesAtOnce(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Dunes Surf School")
	d.connect(sam, "Dunes Surf School")
	stands := func(what string, status backend.Status, people ...string) {
		t.Helper()
		row := d.row("Dunes Surf School")
		same(t, what, row.Status, string(status))
		same(t, what, row.SignIns, people)
		same(t, what, row.FirstSignIn, d.key(people[0]).String())
	}
	stands("the latest carries", backend.Connected, sam, jo)
	d.ends(sam)
	stands("one has ended", backend.Connected, jo, sam)
	same(t, "no need to repair", d.plan(), "")
	d.ends(jo)
	stands("both have ended", backend.SignInAgain, sam, jo)
	d.back(d.browser.Continue(t.Context(), d.askFor(jo), jo))
	d.phase(rounds.Done)
	stands("one is back", backend.Connected, jo, sam)
	d.xero.DisconnectInXero(d.xero.World().Person(jo).ID, d.xero.World().Organisation("Dunes Surf School").ID)
	d.check()
	stands("removed for the one, ended for the other", backend.SignInAgain, sam)
}

func TestADamagedKeyIsReplacedBySigningInAgainOnly(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.expire()
	damaged := backend.Fail(backend.KeychainDamaged, "", nil)
	times := 0
	d.trouble.Store(new(func(method string) error {
		if method != "Load" {
			return nil
		}
		if times++; times == 1 {
			return damaged
		}
		return nil
	}))
	d.check()
	same(t, "misread once", d.row("Calder Street Vets").Status, string(backend.Connected))

	d.expire()
	d.keychainFails("Load", damaged)
	d.check()
	row := d.row("Calder Street Vets")
	same(t, "damaged", []string{row.Status, row.Ending}, []string{string(backend.SignInAgain), string(backend.KeyDamaged)})
	d.back(d.browser.Continue(t.Context(), d.askFor(jo), jo))
	d.phase(rounds.Done)
	d.keychainFails("", nil)
	d.expire()
	d.check()
	row = d.row("Calder Street Vets")
	same(t, "replaced", []string{row.Status, row.Ending}, []string{string(backend.Connected), ""})
}

func TestWhyASignInHasEndedIsSaidInItsRows(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d.ends(jo)
	same(t, "refused", d.row("Calder Street Vets").Ending, string(backend.RefusedByXero))
	d.keychain = &keychain.Memory{}
	d = d.restart()
	d.Start(t.Context())
	d.status("Dunes Surf School", backend.SignInAgain)
	same(t, "gone", d.row("Dunes Surf School").Ending, string(backend.KeyGone))
}

func TestAPasswordStoreThatDoesNotAnswerEndsNothing(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	for _, code := range []backend.Code{
		backend.KeychainMissing, backend.KeychainLocked, backend.KeychainDismissed, backend.KeychainStuck, backend.KeychainFailed,
	} {
		d.expire()
		d.keychainFails("Load", backend.Fail(code, "", nil))
		d.check()
		row := d.row("Calder Street Vets")
		same(t, string(code), []any{row.Status, row.Trouble, row.Shared}, []any{string(backend.NotChecked), string(code), true})
	}
	same(t, "the plan", d.plan(), "")
}
