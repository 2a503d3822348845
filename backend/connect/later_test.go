package connect_test

import (
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

func (d *desk) detailCalls() int { return len(d.xero.Requests(simxero.Details)) }

// unread counts the organisations whose details were never read.
func (d *desk) unread() (n int) {
	d.t.Helper()
	for _, row := range d.rows() {
		if row.Country == "" {
			n++
		}
	}
	return n
}

func TestALimitOfOneOrganisationPutsOffThatOneOnly(t *testing.T) {
	for problem, after := range map[string]string{"minute": "600", "day": "40000", "Concurrent Limit": "600"} {
		t.Run(problem, func(t *testing.T) {
			d := sitDown(t, allConnected(12)).hurry()
			limit := d.xero.Fail(simxero.Details, simxero.RateLimited(problem, after).Once())
			d.signInAgain(jo)
			d.checked()
			same(t, "unread", d.unread(), 1)
			limited := 0
			for _, row := range d.rows() {
				if row.DetailsFrom != "" {
					limited++
					same(t, "its status", row.Status, string(backend.Connected))
				}
			}
			same(t, "limited", limited, 1)
			same(t, "the app's limit", d.overview().Check.LimitUntil, "")
			d.looks(9)
			d.check()
			same(t, "calls before the limit ends", d.detailCalls(), 12)
			limit.Stop()
			d.pass(12 * time.Hour)
			d.look()
			same(t, "unread after the limit", d.unread(), 0)
			same(t, "calls", d.detailCalls(), 13)
		})
	}
}

func TestTheAppsLimitPutsOffEverybody(t *testing.T) {
	d := sitDown(t, allConnected(30)).hurry()
	limit := d.xero.Fail(simxero.Details, simxero.RateLimited("appminute", "600"))
	d.signInAgain(jo)
	d.checked()
	if limit.Met() > 4 {
		t.Errorf("%d calls met the limit", limit.Met())
	}
	if until, err := time.Parse(time.RFC3339, d.overview().Check.LimitUntil); err != nil || time.Until(until) > 10*time.Minute {
		t.Errorf("the limit ends %v, %v", until, err)
	}
	lists, details := d.listCalls(), d.detailCalls()
	d.looks(9)
	d.check()
	same(t, "lists and details before the limit ends", [2]int{d.listCalls() - lists, d.detailCalls() - details}, [2]int{})
	same(t, "status", d.row("Client 001").Status, string(backend.Connected))
	limit.Stop()
	d.looks(2)
	same(t, "unread after the limit", d.unread(), 0)
	same(t, "the limit", d.overview().Check.LimitUntil, "")
}

func TestWhatAnOutageCutOffIsTakenUpByItself(t *testing.T) {
	organisation := "Organisation"
	for name, cut := range map[string]func(d *desk) (mend func()){
		"no network": func(d *desk) func() {
			d.line.cut.Store(&organisation)
			return func() { d.line.cut.Store(nil) }
		},
		"Xero is down":     func(d *desk) func() { return d.xero.Fail(simxero.Details, simxero.StatusFault(503)).Stop },
		"Xero has a fault": func(d *desk) func() { return d.xero.Fail(simxero.Details, simxero.StatusFault(500)).Stop },
	} {
		t.Run(name, func(t *testing.T) {
			d := sitDown(t, allConnected(30)).hurry()
			mend := cut(d)
			d.signInAgain(jo)
			d.looks(30)
			same(t, "unread", d.unread(), 30)
			if n := d.detailCalls(); n > 40 {
				t.Errorf("%d calls in half an hour", n)
			}
			same(t, "need attention", d.overview().Attention, 0)
			mend()
			lists := d.listCalls()
			d.pass(2 * time.Hour)
			d.look()
			same(t, "unread", d.unread(), 0)
			same(t, "lists", d.listCalls(), lists)
		})
	}
}

func TestReadingDetailsIsCountedAndCanBeStopped(t *testing.T) {
	d := sitDown(t, allConnected(50)).hurry()
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.signInAgain(jo)
	if err := held.Await(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	same(t, "progress", d.overview().Check.Details, view.Reading{Running: true, Total: 50})
	d.StopCheck()
	d.checked()
	held.Stop()
	before := d.detailCalls()
	d.looks(50)
	same(t, "calls within the hour", d.detailCalls(), before)
	d.looks(15)
	same(t, "unread after it", d.unread(), 0)
}

func TestCheckNowTakesUpWhatWasStopped(t *testing.T) {
	d := sitDown(t, allConnected(8)).hurry()
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.signInAgain(jo)
	if err := held.Await(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	d.StopCheck()
	held.Stop()
	d.checked()
	d.check()
	same(t, "unread", d.unread(), 0)
}

func TestDetailsAreReadOnceADayWhateverIsChecked(t *testing.T) {
	d := sitDown(t, allConnected(5)).hurry()
	d.signInAgain(jo)
	for hour := range 24 {
		d.pass(time.Hour)
		d.check()
		if hour < 23 {
			same(t, "calls", d.detailCalls(), 5)
		}
	}
	same(t, "calls after a day", d.detailCalls(), 10)
}

func TestOneSignInsRefusalIsNoRefusalWhereAnotherIsLetIn(t *testing.T) {
	d := sitDown(t, simxero.LargeFirm()).hurry()
	shared := "Client 110 Limited"
	d.xero.Switch(func(s *simxero.Switches) { s.ListRefused = true })
	d.connect(jo, shared)
	d.connect(sam, shared)
	d.checked()
	d.pass(25 * time.Hour)
	d.xero.Demote(d.xero.World().Person(jo).ID, d.xero.World().Organisation(shared).ID, simxero.ReadOnly)
	d.check()
	d.status(shared, backend.Connected)
	d.pass(25 * time.Hour)
	d.xero.Fail(simxero.Details, simxero.StatusFault(403))
	d.check()
	d.status(shared, backend.NoAccess)
}

func TestOneOrganisationIsNotAskedForAgainAndAgain(t *testing.T) {
	d := simulatedTime(t, allConnected(1)).sit()
	d.xero.Fail(simxero.Details, simxero.StatusFault(403))
	d.signInAgain(jo)
	began := d.Now()
	for range 100 {
		d.check()
	}
	minutes := d.Now().Sub(began).Minutes()
	if n := d.detailCalls(); float64(n) > 30*minutes+2 {
		t.Errorf("%d calls in %.1f minutes", n, minutes)
	}
}
