package connect_test

import (
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

func TestRenewedTokenIsSavedBeforeUse(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	before, _ := d.credential(jo)
	d.expire()
	calls := len(d.xero.Requests(simxero.Connections))
	var listedAtSave atomic.Int32
	d.keychainFault.Store(new(func(method string) error {
		if method == "Save" {
			listedAtSave.Store(int32(len(d.xero.Requests(simxero.Connections)) - calls))
		}
		return nil
	}))
	d.check()
	after, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	same(t, "generation", after.Generation, before.Generation+1)
	same(t, "presented", after.PresentedAt.IsZero(), true)
	same(t, "previous token", after.Previous.Equal(before.Refresh), true)
	same(t, "calls before the last save", listedAtSave.Load(), 0)
	d.status(vets, backend.Connected)
}

func TestLostAnswerIsRetriedWithTheSameToken(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	d.xero.Fail(simxero.Renewal, simxero.LostAnswer().Once())
	d.check()
	renewals := d.xero.Requests(simxero.Renewal)
	same(t, "renewals", len(renewals), 2)
	same(t, "the same token", renewals[0].Form.Get("refresh_token"), renewals[1].Form.Get("refresh_token"))
	d.status(vets, backend.Connected)
}

func TestUnreadableAnswerIsRetriedAtOnce(t *testing.T) {
	for name, fault := range map[string]simxero.Fault{
		"no JSON": simxero.NotJSON(), "half a body": simxero.HalfBody(), "no body": simxero.EmptyBody(),
		"no refresh token": simxero.Without("refresh_token"), "no access token": simxero.Without("access_token"),
		"a number for the token": simxero.Replaced("refresh_token", 7), "endless": simxero.Swollen(2 << 20),
	} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			d.connect(jo, vets)
			d.expire()
			d.xero.Fail(simxero.Renewal, fault.Once())
			d.check()
			renewals := d.xero.Requests(simxero.Renewal)
			same(t, "renewals", len(renewals), 2)
			same(t, "the same token", renewals[0].Form.Get("refresh_token"), renewals[1].Form.Get("refresh_token"))
			d.status(vets, backend.Connected)
			saved, err := d.credential(jo)
			same(t, "saved and not presented", err == nil && saved.PresentedAt.IsZero(), true)
		})
	}
}

func TestRenewalInDoubtIsRepeatedAtTheNextStart(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	d.xero.Fail(simxero.Renewal, simxero.LostAnswer()) // for every try
	d.check()
	d.status(vets, backend.NotChecked)
	d.xero.Heal()
	d = d.restart()
	d.Start(t.Context())
	d.status(vets, backend.Connected)
}

func TestInvalidGrantEndsTheSignInAndDeletesNothing(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.expire()
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	before, _ := d.credential(jo)
	d.check()
	d.status(vets, backend.SignInAgain)
	d.status(dunes, backend.Connected)
	after, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "retained token", after.Refresh.Equal(before.Refresh), true)

	d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	d.status(vets, backend.Connected)
}

func TestTokenIsNotPresentedWithoutTheMark(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.expire()
	d.keychainFails("Save", backend.Fail(backend.KeychainLocked, "", nil))
	d.check()
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 0)
	d.status(vets, backend.NotChecked)
}

func TestConcurrentCallersShareOneRenewal(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.expire()
	held := d.xero.Fail(simxero.Renewal, simxero.Stalled())
	for range 20 {
		d.CheckNow()
		d.CameForward()
	}
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.CheckNow()
	held.Release()
	d.checked()
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
}

func TestStatus401CausesOneRenewalAndOneRepeatedCall(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	calls := len(d.xero.Requests(simxero.Connections))
	d.xero.Fail(simxero.Connections, simxero.StatusFault(401))
	d.check()
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	same(t, "calls", len(d.xero.Requests(simxero.Connections))-calls, 2)
	d.status(vets, backend.NotChecked)
}

// renewalDue returns a desk with a due renewal. The function minutes moves the clocks of
// program and Xero.
func renewalDue(t *testing.T) (d *desk, minutes func(n int)) {
	t.Helper()
	clock := simxero.NewClock(time.Now())
	d = newDeskAt(t, rig.StartXero(t, simxero.Options{Now: clock.Now})).launch().skipPauses()
	d.connect(jo, vets)
	d.expire()
	return d, func(n int) {
		for range n {
			clock.Advance(time.Minute)
			d.looks(1)
		}
	}
}

// The pauses between tries used to grow beyond the grace period: a quarter of an hour
// without answers ended a sign-in.
func TestLostAnswersInsideTheGracePeriodEndNoSignIn(t *testing.T) {
	d, minutes := renewalDue(t)
	lost := d.xero.Fail(simxero.Renewal, simxero.LostAnswer())
	d.check()
	minutes(28)
	lost.Stop()
	minutes(1)
	d.status(vets, backend.Connected)
}

// The grace period used to begin at the first try, sent or not, and each try made the
// next pause longer. Seconds without answers at the end of an outage ended a sign-in.
func TestLostAnswerAfterALongOutageEndsNoSignIn(t *testing.T) {
	for name, fall := range map[string]func(d *desk) (restore func()){
		"no network":   func(d *desk) func() { d.offline(); return d.online },
		"Xero is down": func(d *desk) func() { return d.xero.Fail(simxero.Renewal, simxero.StatusFault(503)).Stop },
	} {
		t.Run(name, func(t *testing.T) {
			for _, outage := range []int{45, 185} {
				d, minutes := renewalDue(t)
				restore := fall(d)
				d.check()
				minutes(outage)
				restore()
				lost := simxero.LostAnswer()
				lost.Times = 4
				d.xero.Fail(simxero.Renewal, lost)
				minutes(75)
				d.status(vets, backend.Connected)
			}
		})
	}
}

func TestRenewalsBackOffDuringALongOutage(t *testing.T) {
	d, minutes := renewalDue(t)
	down := d.xero.Fail(simxero.Renewal, simxero.StatusFault(503))
	d.check()
	minutes(40)
	before := down.Met()
	minutes(120)
	if n := down.Met() - before; n > 4*13 {
		t.Errorf("%d tries in two hours", n)
	}
}
