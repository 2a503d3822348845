package connect_test

import (
	"fmt"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// clients returns the names of n clients.
func clients(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("Client %03d", i+1)
	}
	return all
}

// read waits for the details of n organisations in the list.
func (d *desk) read(n int) {
	d.t.Helper()
	d.until("details", func(view.Overview) bool {
		known := 0
		for _, row := range d.rows() {
			if row.Country == "GB" && row.Currency == "GBP" {
				known++
			}
		}
		return known == n
	})
}

func TestDetailsAreReadAfterTheRoundFourAtATime(t *testing.T) {
	d := launch(t, simxero.Named(clients(12)...))
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.connect(jo, clients(12)...)
	same(t, "country before the reading", d.row("Client 001").Country, "")
	if err := d.xero.Await(t.Context(), simxero.Details, 4); err != nil {
		t.Fatal(err)
	}
	same(t, "requests side by side", held.Met(), 4)
	before := d.overview().Revision
	held.Release()
	d.read(12)
	same(t, "requests", len(d.xero.Requests(simxero.Details)), 12)
	if after := d.overview().Revision; after < before+12 {
		t.Errorf("the revision grew by %d", after-before)
	}
}

func TestKnownDetailsAreNotReadAgain(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two"))
	d.connect(jo, "One")
	d.read(1)
	d.connect(jo, "Two")
	d.read(2)
	same(t, "requests", len(d.xero.Requests(simxero.Details)), 2)
}

func TestRefusedDetailsMeanNoAccessUntilARead(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two")).skipPauses()
	refused := d.xero.Fail(simxero.Details, simxero.StatusFault(403))
	d.connect(jo, "One")
	d.until("no access", func(view.Overview) bool { return d.row("One").Status == string(backend.NoAccess) })
	same(t, "needs attention", d.overview().Attention, 1)
	same(t, "phase of the round", d.overview().SignIn.Phase, rounds.Done)
	refused.Stop()
	d.connect(jo, "Two")
	d.read(2)
	same(t, "status", d.row("One").Status, string(backend.Connected))
}

func TestSharedFailureStopsTheReadingOfDetails(t *testing.T) {
	for name, fault := range map[string]simxero.Fault{
		"the app’s limit": simxero.RateLimited("appminute", "60"), "down": simxero.StatusFault(503),
		"fault": simxero.StatusFault(500), "captive portal": simxero.CaptivePortal(200),
	} {
		d := launch(t, simxero.Named(clients(12)...))
		d.xero.Fail(simxero.Details, fault)
		d.connect(jo, clients(12)...)
		d.until(name, func(o view.Overview) bool {
			return !o.Check.Details.Running && (o.Check.LimitUntil != "" || strings.Contains(d.logged(), "details read"))
		})
		if n := len(d.xero.Requests(simxero.Details)); n > 6 { // three failures, and three more under way
			t.Errorf("%s: %d requests after the first was refused", name, n)
		}
		same(t, name, d.overview().SignIn.Failed, nil)
		same(t, name+": need attention", d.overview().Attention, 0)
	}
}

func TestFailureOfOneOrganisationDoesNotStopTheOthers(t *testing.T) {
	for _, fault := range []simxero.Fault{simxero.StatusFault(404), simxero.HalfBody(), simxero.StatusFault(403)} {
		d := launch(t, simxero.Named(clients(6)...))
		d.xero.Fail(simxero.Details, fault.Once())
		d.connect(jo, clients(6)...)
		d.read(5)
	}
}
