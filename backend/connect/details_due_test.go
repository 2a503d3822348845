package connect_test

import (
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

func (d *desk) detailCalls() int { return len(d.xero.Requests(simxero.Details)) }

// unread counts the organisations without details.
func (d *desk) unread() (n int) {
	d.t.Helper()
	for _, row := range d.rows() {
		if row.Country == "" {
			n++
		}
	}
	return n
}

func TestLimitOfOneOrganisationDefersOnlyThatOrganisation(t *testing.T) {
	for problem, after := range map[string]string{"minute": "600", "day": "40000", "Concurrent Limit": "600"} {
		t.Run(problem, func(t *testing.T) {
			d := launch(t, allConnected(12)).skipPauses()
			limit := d.xero.Fail(simxero.Details, simxero.RateLimited(problem, after).Once())
			d.reconnect(jo)
			d.checked()
			same(t, "unread", d.unread(), 1)
			limited := 0
			for _, row := range d.rows() {
				if row.DetailsFrom != "" {
					limited++
					same(t, "status of the limited organisation", row.Status, string(backend.Connected))
				}
			}
			same(t, "limited", limited, 1)
			same(t, "the app's limit", d.overview().Check.LimitUntil, "")
			d.looks(9)
			d.check()
			same(t, "calls before the limit ends", d.detailCalls(), 12)
			limit.Stop()
			d.advance(12 * time.Hour)
			d.look()
			same(t, "unread after the limit", d.unread(), 0)
			same(t, "calls", d.detailCalls(), 13)
		})
	}
}

func TestLimitOfTheAppDefersEveryOrganisation(t *testing.T) {
	d := launch(t, allConnected(30)).skipPauses()
	limit := d.xero.Fail(simxero.Details, simxero.RateLimited("appminute", "600"))
	d.reconnect(jo)
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

func TestReadingResumesAfterAnOutage(t *testing.T) {
	organisation := "Organisation"
	for name, cut := range map[string]func(d *desk) (restore func()){
		"no network": func(d *desk) func() {
			d.network.cut.Store(&organisation)
			return func() { d.online() }
		},
		"Xero is down":     func(d *desk) func() { return d.xero.Fail(simxero.Details, simxero.StatusFault(503)).Stop },
		"Xero has a fault": func(d *desk) func() { return d.xero.Fail(simxero.Details, simxero.StatusFault(500)).Stop },
	} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, allConnected(30)).skipPauses()
			restore := cut(d)
			d.reconnect(jo)
			d.looks(30)
			same(t, "unread", d.unread(), 30)
			if n := d.detailCalls(); n > 40 {
				t.Errorf("%d calls in half an hour", n)
			}
			same(t, "need attention", d.overview().Attention, 0)
			restore()
			lists := d.listCalls()
			d.advance(2 * time.Hour)
			d.look()
			same(t, "unread", d.unread(), 0)
			same(t, "lists", d.listCalls(), lists)
		})
	}
}

func TestReadingIsCountedAndCanBeStopped(t *testing.T) {
	d := launch(t, allConnected(50)).skipPauses()
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.reconnect(jo)
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
	same(t, "unread after the hour", d.unread(), 0)
}

func TestCheckNowResumesAStoppedReading(t *testing.T) {
	d := launch(t, allConnected(8)).skipPauses()
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.reconnect(jo)
	if err := held.Await(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	d.StopCheck()
	held.Stop()
	d.checked()
	d.check()
	same(t, "unread", d.unread(), 0)
}

func TestRefusalThroughOneSignInTriesTheOther(t *testing.T) {
	d := launch(t, simxero.LargeFirm()).skipPauses()
	shared := "Client 110 Limited"
	d.xero.Switch(func(s *simxero.Switches) { s.ListRefused = true })
	d.connect(jo, shared)
	d.connect(sam, shared)
	d.checked()
	d.advance(25 * time.Hour)
	d.xero.Demote(d.xero.World().Person(jo).ID, d.xero.World().Organisation(shared).ID, simxero.ReadOnly)
	d.check()
	d.status(shared, backend.Connected)
	d.advance(25 * time.Hour)
	d.xero.Fail(simxero.Details, simxero.StatusFault(403))
	d.check()
	d.status(shared, backend.NoAccess)
}

func TestRepeatedChecksStayInsideThePaceOfDetails(t *testing.T) {
	d := simulatedTime(t, allConnected(1)).launch()
	d.xero.Fail(simxero.Details, simxero.StatusFault(403))
	d.reconnect(jo)
	began := d.Now()
	for range 100 {
		d.check()
	}
	minutes := d.Now().Sub(began).Minutes()
	if n := d.detailCalls(); float64(n) > 30*minutes+2 {
		t.Errorf("%d calls in %.1f minutes", n, minutes)
	}
}
