package connect_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// sixtyTwo returns a desk with 62 organisations of Jo's, read 20 minutes ago.
func sixtyTwo(t *testing.T) *desk {
	t.Helper()
	d := launch(t, allConnected(62)).skipPauses()
	d.reconnect(jo)
	d.checked()
	same(t, "calls at first", d.detailCalls(), 62)
	d.advance(20 * time.Minute)
	return d
}

// The check used to say that every organisation is connected, without a question about the
// data, for up to 24 hours.
func TestCheckNowFindsAClientWhoseDataXeroHasBegunToRefuse(t *testing.T) {
	d := sixtyTwo(t)
	w := d.xero.World()
	d.xero.Switch(func(s *simxero.Switches) { s.ListRefused = true })
	d.xero.Demote(w.Person(jo).ID, w.Organisation("Client 031").ID, simxero.ReadOnly)
	lists := d.listCalls()
	d.check()
	d.status("Client 031", backend.NoAccess)
	same(t, "needs attention", d.overview().Attention, 1)
	same(t, "calls", []int{d.listCalls() - lists, d.detailCalls() - 62}, []int{1, 62})
	same(t, "unread", d.overview().Check.Unread, 0)
}

func TestTenPressesOfCheckNowAskForEachOrganisationOnce(t *testing.T) {
	d := sixtyTwo(t)
	d.xero.Fail(simxero.Details, simxero.StatusFault(403).Once())
	d.xero.Fail(simxero.Details, simxero.StatusFault(404).Once())
	for range 10 {
		d.check()
	}
	same(t, "calls", d.detailCalls()-62, 62)
	d.advance(14 * time.Minute)
	d.check()
	same(t, "calls within 15 minutes", d.detailCalls()-62, 64) // the refused and the missing once more
	d.advance(2 * time.Minute)
	d.check()
	same(t, "calls after 15 minutes", d.detailCalls()-62, 64+60)
}

func TestUnaskedDetailsAreReadOnceADay(t *testing.T) {
	d := sixtyTwo(t)
	if err := d.SaveCheckEvery(t.Context(), "hour"); err != nil {
		t.Fatal(err)
	}
	for range 23 {
		d.advance(time.Hour)
		d.look()
		d.CameForward()
		d.checked()
	}
	same(t, "calls within the day", d.detailCalls(), 62)
	d.advance(time.Hour)
	d.look()
	same(t, "calls after a day", d.detailCalls(), 124)
}

// asked returns the organisations of the requests for details since the first.
func (d *desk) asked(since int) (organisations []string) {
	names := map[string]string{}
	for _, o := range d.xero.World().Organisations {
		names[o.ID] = o.Name
	}
	for _, r := range d.xero.Requests(simxero.Details)[since:] {
		organisations = append(organisations, names[strings.ToLower(r.Header.Get("Xero-Tenant-Id"))])
	}
	return organisations
}

func TestCheckNowAsksForTheOldestDetailsFirst(t *testing.T) {
	d := launch(t, allConnected(12)).skipPauses()
	d.reconnect(jo)
	d.checked()
	for i, id := range d.ids(clients(12)...) {
		at := d.Now().Add(-time.Duration(i) * 10 * time.Minute)
		if err := d.register.SaveDetails(t.Context(), id, backend.Details{}, at); err != nil {
			t.Fatal(err)
		}
	}
	before := d.detailCalls()
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.CheckNow()
	if err := held.Await(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	asked := d.asked(before)
	slices.Sort(asked) // four at once arrive in any order
	same(t, "first", asked, clients(12)[8:])
	held.Stop()
	d.checked()
	asked = d.asked(before)
	slices.Sort(asked)
	same(t, "all", asked, clients(12)[2:])
}

// The result of a check must not speak of organisations that were not asked.
func TestCheckStoppedByALimitTellsHowManyWereNotAsked(t *testing.T) {
	d := sixtyTwo(t)
	held := d.xero.Fail(simxero.Details, simxero.Fault{Hold: true, Times: 40})
	limit := d.xero.Fail(simxero.Details, simxero.RateLimited("appminute", "600"))
	d.CheckNow()
	held.Release()
	d.checked()
	o := d.overview()
	same(t, "unread", o.Check.Unread, 22)
	if o.Check.LimitUntil == "" {
		t.Error("the window does not know the limit")
	}
	limit.Stop()
	d.looks(11)
	same(t, "unread after the limit", d.overview().Check.Unread, 0)
}

func TestStopEndsTheReadingThatTheUserAskedFor(t *testing.T) {
	d := sixtyTwo(t)
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.CheckNow()
	if err := held.Await(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	same(t, "progress", d.overview().Check.Details, view.Reading{Running: true, Total: 62})
	d.StopCheck()
	d.checked()
	same(t, "unread", d.overview().Check.Unread, 62)
	held.Stop()
	calls := d.detailCalls()
	d.looks(90)
	same(t, "calls after Stop", d.detailCalls()-calls, 0)
	d.check()
	same(t, "calls after Check now", d.detailCalls()-calls, 62)
	same(t, "unread", d.overview().Check.Unread, 0)
}

func TestCheckNowDuringAScheduledCheckReadsTheDetailsToo(t *testing.T) {
	d := sixtyTwo(t)
	d.advance(10 * time.Minute)
	if err := d.SaveCheckEvery(t.Context(), "hour"); err != nil {
		t.Fatal(err)
	}
	d.advance(time.Hour)
	d.check()
	d.advance(61 * time.Minute)
	calls := d.detailCalls()
	held := d.xero.Fail(simxero.Connections, simxero.Stalled())
	d.Look()
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.CheckNow()
	held.Stop()
	d.checked()
	same(t, "calls", d.detailCalls()-calls, 62)
}

func TestCheckNowReadsTheDetailsInsideXerosLimits(t *testing.T) {
	d := simulatedTime(t, allConnected(400)).launch()
	d.reconnect(jo)
	d.checked()
	d.ahead.Store(0)
	before := d.detailCalls()
	_ = d.Pause(t.Context(), 20*time.Minute)
	d.check()
	requests := d.xero.Requests(simxero.Details)[before:]
	same(t, "calls", len(requests), 400)
	most, first := 0, 0
	for i, r := range requests {
		same(t, "status", r.Status, 200)
		for !requests[first].At.After(r.At.Add(-time.Minute)) {
			first++
		}
		most = max(most, i-first+1)
	}
	t.Logf("at most %d in a minute", most)
	if most > 370 {
		t.Errorf("%d requests in a minute", most)
	}
}
