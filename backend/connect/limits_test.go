package connect_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// apiCalls counts the calls of Xero's API: lists, details and disconnects.
func (d *desk) apiCalls() int {
	return len(d.xero.Requests(simxero.Connections, simxero.Details, simxero.Disconnect))
}

// twoSignIns returns a desk with vets and fjord through Jo, and dunes through Sam.
func twoSignIns(t *testing.T) *desk {
	t.Helper()
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(jo, fjord)
	d.connect(sam, dunes)
	d.checked()
	return d
}

// A limit of the app met by a disconnect used to hold back the sign-in of the disconnect
// only: checks, details and the other sign-ins went on asking.
func TestLimitOfTheAppMetByADisconnectHoldsBackEverything(t *testing.T) {
	d := twoSignIns(t)
	d.xero.Fail(simxero.Disconnect, simxero.RateLimited("appminute", "600"))
	d.disconnect(vets)
	calls := d.apiCalls()
	d.disconnect(dunes)
	d.advance(2 * time.Minute)
	d.check()
	d.looks(6)
	d.CameForward()
	d.checked()
	same(t, "calls during the limit", d.apiCalls()-calls, 0)
	if d.overview().Check.LimitUntil == "" {
		t.Error("the window does not know the limit")
	}
	d.xero.Heal()
	d.looks(4)
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + vets, sam + ": " + dunes})
}

// A second disconnect during a limit used to return without a reason, although Xero was
// never asked.
func TestSecondDisconnectDuringALimitSaysThatXeroWasNotAsked(t *testing.T) {
	d := twoSignIns(t)
	limit := d.xero.Fail(simxero.Disconnect, simxero.RateLimited("appminute", "600"))
	for _, name := range []string{vets, fjord, dunes} {
		result := d.disconnect(name)
		if result.Failed == nil {
			t.Fatalf("%s: no reason: %+v", name, result)
		}
		same(t, name, []any{result.Pending, result.Failed.Code, result.Failed.Detail}, []any{1, string(backend.XeroRateLimit), "in 10 minutes"})
		d.status(name, backend.Disconnected)
		same(t, "pending", d.row(name).Pending, string(backend.PendingXero))
	}
	same(t, "calls", limit.Met(), 1)
	whole, err := d.DisconnectSignIn(t.Context(), d.key(sam).String())
	if err != nil || !whole.RevokePending || whole.Failed == nil {
		t.Errorf("a sign-in disconnected as a whole: %+v, %v", whole, err)
	}
}

// A limit of the app met by the list used to hold back no details.
func TestLimitOfTheAppMetByTheListHoldsBackTheDetails(t *testing.T) {
	for _, problem := range []string{"appminute", "App Day", "something new", ""} {
		d := launch(t, allConnected(12)).skipPauses()
		stalled := d.xero.Fail(simxero.Details, simxero.Stalled())
		d.reconnect(jo)
		if err := stalled.Await(t.Context(), 4); err != nil {
			t.Fatal(err)
		}
		d.xero.Fail(simxero.Connections, simxero.RateLimited(problem, "600").Once())
		before := d.listCalls()
		d.CheckNow()
		if err := d.xero.Await(t.Context(), simxero.Connections, before+1); err != nil {
			t.Fatal(err)
		}
		d.wait("the limit", func() bool { return d.overview().Check.LimitUntil != "" })
		stalled.Release()
		d.checked()
		same(t, problem+": details asked", d.detailCalls(), 4)
		d.looks(9)
		d.check()
		same(t, problem+": calls during the limit", []int{d.listCalls() - before, d.detailCalls()}, []int{1, 4})
		d.looks(2)
		same(t, problem+": unread after the limit", d.unread(), 0)
	}
}

func TestDisconnectLimitedForOneOrganisationLetsTheOthersGo(t *testing.T) {
	d := threeConnected(t)
	limit := d.xero.Fail(simxero.Disconnect, simxero.RateLimited("minute", "600").Once())
	result := d.disconnect(vets, fjord, dunes)
	if result.Failed == nil {
		t.Fatalf("no reason: %+v", result)
	}
	same(t, "result", []any{result.Count, result.Pending, result.Failed.Code}, []any{3, 1, string(backend.XeroRateLimit)})
	same(t, "disconnected", len(d.disconnected()), 2)
	calls := d.disconnectCalls()
	d.check()
	d.looks(9)
	same(t, "calls before the limit ends", d.disconnectCalls()-calls, 0)
	limit.Stop()
	d.looks(2)
	same(t, "disconnected", len(d.disconnected()), 3)
}

func TestLimitOfTheAppIsRememberedAcrossARestart(t *testing.T) {
	d := twoSignIns(t)
	d.xero.Fail(simxero.Disconnect, simxero.RateLimited("appminute", "3600").Once())
	d.disconnect(vets)
	next := d.restart().skipPauses()
	calls := next.apiCalls()
	next.look()
	next.check()
	result := next.disconnect(dunes)
	same(t, "calls after the restart", next.apiCalls()-calls, 0)
	if result.Failed == nil || result.Failed.Code != string(backend.XeroRateLimit) {
		t.Errorf("the disconnect gives no reason: %+v", result.Failed)
	}
	next.status(fjord, backend.Connected)
	if next.overview().Check.LimitUntil == "" {
		t.Error("the window does not know the limit")
	}
	next.advance(61 * time.Minute)
	next.check()
	next.look()
	same(t, "at Xero", next.disconnected(), []string{jo + ": " + vets, sam + ": " + dunes})
}

func TestLimitOfAnOrganisationIsRememberedAcrossARestart(t *testing.T) {
	d := launch(t, allConnected(6)).skipPauses()
	d.xero.Fail(simxero.Details, simxero.RateLimited("day", "40000").Once())
	d.reconnect(jo)
	d.checked()
	same(t, "calls", d.detailCalls(), 6)
	next := d.restart().skipPauses()
	next.look()
	next.check()
	same(t, "calls after the restart", next.detailCalls(), 6)
	next.advance(12 * time.Hour)
	next.look()
	same(t, "unread", next.unread(), 0)
}

func TestRememberedLimitDoesNotOutliveACorrectedClock(t *testing.T) {
	for name, at := range map[string]time.Duration{
		"set back a year": -365 * 24 * time.Hour, "set back an hour": -time.Hour, "ten years ahead": 10 * 365 * 24 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			d := twoSignIns(t)
			d.xero.Fail(simxero.Disconnect, simxero.RateLimited("appminute", "86400").Once())
			d.disconnect(vets)
			d.quit()
			next := newDeskAt(t, d.xero)
			next.folder, next.keychain, next.locks = d.folder, d.keychain, d.locks
			next.ahead.Store(int64(at))
			next.launch().skipPauses()
			next.check()
			same(t, "at Xero", next.disconnected(), []string{jo + ": " + vets})
		})
	}
}

// A damaged setting, or a setting of another version, must not hold anything for ever.
func TestUnreadableRememberedLimitsHoldNothing(t *testing.T) {
	for name, value := range map[string]string{
		"no JSON": "}{", "another form": `{"until":1}`, "no times": `[{}]`,
		"the year 9999": `[{"app":"` + simxero.DemoClientID + `","from":1,"until":253402300799000}]`,
	} {
		d := twoSignIns(t)
		if err := d.register.SaveSetting(t.Context(), "limits", value); err != nil {
			t.Fatal(err)
		}
		next := d.restart().skipPauses()
		calls := next.listCalls()
		next.check()
		same(t, name+": lists", next.listCalls()-calls, 2)
	}
}

func TestEveryFormOfALimitHoldsAndEnds(t *testing.T) {
	for name, after := range map[string]string{
		"nothing": "", "zero": "0", "less than zero": "-60", "words": "soon", "huge": "99999999999999999999",
		"a date":          time.Now().Add(5 * time.Minute).UTC().Format(http.TimeFormat),
		"a date long ago": time.Now().Add(-24 * time.Hour).UTC().Format(http.TimeFormat),
	} {
		t.Run(name, func(t *testing.T) {
			d := twoSignIns(t)
			limit := d.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", after))
			d.check()
			d.check()
			same(t, "calls at once", limit.Met(), 1)
			limit.Stop()
			d.advance(24*time.Hour + time.Minute)
			d.look()
			d.status(vets, backend.Connected)
			d.status(dunes, backend.Connected)
		})
	}
}

// A limit without an end would otherwise be met every minute.
func TestLimitMetAgainAndAgainIsAskedLessAndLessOften(t *testing.T) {
	d := twoSignIns(t)
	limit := d.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", "0"))
	d.check()
	d.looks(120)
	if n := limit.Met(); n < 5 || n > 12 {
		t.Errorf("%d calls in two hours", n)
	}
	limit.Stop()
	d.looks(17)
	d.status(vets, backend.Connected)
}

// A limit of the token endpoint used to mark the sign-ins with an access token, too.
func TestLimitOfTheTokenEndpointHoldsBackRenewalsOnly(t *testing.T) {
	d := twoSignIns(t)
	limit := d.xero.Fail(simxero.Renewal, simxero.RateLimited("", "86400"))
	if _, err := d.renewNow(jo); backend.CodeOf(err) != backend.XeroRateLimit {
		t.Fatal(err)
	}
	lists := d.listCalls()
	d.check()
	d.status(vets, backend.NotChecked)
	d.status(dunes, backend.Connected)
	same(t, "lists", d.listCalls()-lists, 1)
	same(t, "the app's limit", d.overview().Check.LimitUntil, "")
	if _, err := d.renewNow(sam); backend.CodeOf(err) != backend.XeroRateLimit {
		t.Error(err)
	}
	d.looks(8)
	same(t, "renewals", limit.Met(), 1)
	limit.Stop()
	d.looks(4) // a sign-in could end within the day named by Xero
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

// A limit used to hold back the repeated renewal of a sign-in in doubt.
func TestLimitOfTheAppDoesNotHoldBackARenewalInDoubt(t *testing.T) {
	d := twoSignIns(t)
	d.expire()
	lost := d.xero.Fail(simxero.Renewal, simxero.LostAnswer())
	d.check()
	d.status(vets, backend.NotChecked)
	lost.Stop()
	d.looks(1)
	d.expire()
	d.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", "86400"))
	lost = d.xero.Fail(simxero.Renewal, simxero.Fault{Lose: simxero.AnswerLost, Times: 4})
	d.check() // the renewal of one sign-in is in doubt, the other sign-in meets the limit
	d.looks(3)
	lost.Stop()
	d.looks(35)
	d.xero.Heal()
	d.advance(24 * time.Hour)
	d.check()
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

// stillConnected waits for a removal that could disconnect none of four organisations.
func (l *removing) stillConnected(code backend.Code) {
	l.t.Helper()
	connected := l.awaitRemoval(removal.Undecided).StillConnected
	for i := range connected {
		slices.Sort(connected[i].Organisations) // Xero's order differs from the list's
	}
	same(l.t, "still connected", connected, []view.StillConnected{
		{Person: sam, Organisations: []string{builders, dunes}, Code: string(code)},
		{Person: jo, Organisations: []string{vets, fjord}, Code: string(code)},
	})
}

// After a long limit the removal used to ask for every further connection of the sign-in.
func TestRemovalAsksNothingMoreAfterALongLimit(t *testing.T) {
	for _, at := range []simxero.Endpoint{simxero.Connections, simxero.Disconnect} {
		t.Run(string(at), func(t *testing.T) {
			l := beforeRemoval(t)
			l.connect(sam, builders)
			l.checked()
			l.skipPauses()
			limit := l.xero.Fail(at, simxero.RateLimited("appminute", "3600"))
			l.Remove(true, false)
			l.stillConnected(backend.XeroRateLimit)
			same(t, "calls", limit.Met(), 1)
			l.Remove(true, false) // Try again
			l.awaitRemoval(removal.Undecided)
			same(t, "calls after Try again", limit.Met(), 1)
			l.nothingDeleted()
		})
	}
}

func TestRemovalWaitsForAShortLimitOfTheList(t *testing.T) {
	l := beforeRemoval(t)
	l.Pause = func(ctx context.Context, pause time.Duration) error { l.ahead.Add(int64(pause)); return ctx.Err() }
	l.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", "7").Once())
	l.Remove(true, false)
	same(t, "disconnected", l.receipt().Disconnected, 3)
}

// While Xero was down the removal used to ask for every further connection of the sign-in.
func TestRemovalAsksNothingMoreWhileXeroIsDown(t *testing.T) {
	l := beforeRemoval(t)
	l.connect(sam, builders)
	l.checked()
	fault := l.xero.Fail(simxero.Disconnect, simxero.StatusFault(503))
	l.Remove(true, false)
	l.stillConnected(backend.XeroUnavailable)
	same(t, "calls", fault.Met(), 1)
}

// A limit of an app replaced since used to be shown until its end, although it held nothing.
func TestLimitOfAnAppWithoutASignInIsNotShown(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	now := d.Now().UnixMilli()
	for app, shown := range map[string]bool{"another": false, simxero.DemoClientID: true} {
		limit := fmt.Sprintf(`[{"app":%q,"from":%d,"until":%d}]`, app, now, now+time.Hour.Milliseconds())
		if err := d.register.SaveSetting(t.Context(), "limits", limit); err != nil {
			t.Fatal(err)
		}
		d = d.restart().skipPauses()
		if until := d.overview().Check.LimitUntil; (until != "") != shown {
			t.Errorf("%s: a limit until %q", app, until)
		}
	}
}
