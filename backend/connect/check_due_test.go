package connect_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// look begins the due work and waits for the end of the check.
func (d *desk) look() {
	d.t.Helper()
	d.Look()
	d.checked()
}

// looks passes some minutes with a look in each minute.
func (d *desk) looks(minutes int) {
	d.t.Helper()
	for range minutes {
		d.advance(time.Minute)
		d.look()
	}
}

func (d *desk) checked() {
	d.t.Helper()
	d.wait("the end of the check", func() bool { return !d.Checking() })
}

// advance moves the program's clock after the end of running checks.
func (d *desk) advance(time time.Duration) {
	d.t.Helper()
	d.checked()
	d.ahead.Add(int64(time))
}

func (d *desk) listCalls() int { return len(d.xero.Requests(simxero.Connections)) }

func TestChecksFollowTheHourlyAndDailyIntervals(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	forward := func() { d.CameForward(); d.checked() }
	for _, step := range []struct {
		what  string
		after time.Duration
		do    func()
		calls int
	}{
		{"forward at once", 0, forward, 0},
		{"a look at once", 0, d.look, 0},
		{"forward within the hour", 59 * time.Minute, forward, 0},
		{"forward after the hour", 2 * time.Minute, forward, 1},
		{"forward again", time.Minute, forward, 0},
		{"a look within the day", 23 * time.Hour, d.look, 0},
		{"a look after a day", 61 * time.Minute, d.look, 1},
		{"a look again", time.Minute, d.look, 0},
		{"a clock set back a year", -365 * 24 * time.Hour, d.look, 1},
		{"and unchanged", time.Minute, d.look, 0},
		{"a clock ten years ahead", 11 * 365 * 24 * time.Hour, d.look, 1},
		{"and unchanged ten years ahead", time.Minute, d.look, 0},
	} {
		before := d.listCalls()
		d.advance(step.after)
		step.do()
		same(t, step.what, d.listCalls()-before, step.calls)
	}
}

func TestNoRenewalWithoutNeed(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.looks(50)
	d.CameForward()
	d.checked()
	same(t, "renewals without a call", len(d.xero.Requests(simxero.Renewal)), 0)
	d.advance(11 * time.Minute)
	d.CameForward()
	d.checked()
	same(t, "renewals after a call", len(d.xero.Requests(simxero.Renewal)), 1)
	d.ahead.Store(0) // the new access token lives for half an hour
	d.check()
	d.check()
	same(t, "renewals with a living access token", len(d.xero.Requests(simxero.Renewal)), 1)
}

func TestCheckObeysALimitToTheEnd(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	limit := d.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", "600"))
	d.check()
	same(t, "calls at the limit", limit.Met(), 1)
	d.status(vets, backend.NotChecked)
	d.status(dunes, backend.NotChecked)
	d.looks(9)
	d.CheckNow()
	d.CameForward()
	same(t, "calls before the limit ends", limit.Met(), 1)
	limit.Stop()
	d.looks(3)
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

func TestChecksBackOffFromAFaultOfXero(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	fault := d.xero.Fail(simxero.Connections, simxero.StatusFault(500))
	d.check()
	d.looks(120)
	if n := fault.Met(); n < 6 || n > 8 {
		t.Errorf("%d calls in two hours", n)
	}
	before := fault.Met()
	d.check()
	same(t, "calls after Check now", fault.Met()-before, 1)
	fault.Stop()
	d.advance(time.Hour)
	d.look()
	d.status(vets, backend.Connected)
}

func TestReturnedNetworkIsNoticedWithinAMinute(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.checked() // otherwise the details cut off would need another token later
	d.offline()
	d.check()
	d.looks(40)
	d.status(vets, backend.NotChecked)
	d.online()
	d.looks(1)
	d.status(vets, backend.Connected)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
}

func TestLockedKeychainIsNotAskedEveryMinute(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.expire()
	var asked atomic.Int32
	d.keychainFault.Store(new(func(string) error { asked.Add(1); return backend.Fail(backend.KeychainLocked, "", nil) }))
	d.check()
	d.looks(50)
	d.CameForward()
	d.checked()
	same(t, "keychain calls", asked.Load(), 1)
	d.check()
	same(t, "keychain calls after Check now", asked.Load(), 2)
	d.keychainWorks()
	d.advance(time.Hour)
	d.look()
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

// A correction of the clock used to extend a backoff by the error of the clock, and no
// button shortened the wait for a limit.
func TestClockSetBackMakesNoBackoffLonger(t *testing.T) {
	for name, begin := range map[string]func(d *desk){
		"no network": func(d *desk) { d.offline(); d.check(); d.online() },
		"a limit": func(d *desk) {
			d.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", "60").Once())
			d.check()
		},
		"a fault": func(d *desk) { d.xero.Fail(simxero.Connections, simxero.StatusFault(500).Once()); d.check() },
		"a locked keychain": func(d *desk) {
			d.expire()
			d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
			d.check()
			d.keychainWorks()
		},
	} {
		for _, back := range []time.Duration{time.Hour, 24 * time.Hour} {
			t.Run(name+", "+back.String(), func(t *testing.T) {
				d := launch(t, simxero.Demo()).skipPauses()
				d.connect(jo, vets)
				begin(d)
				d.status(vets, backend.NotChecked)
				d.advance(-back)
				d.looks(1)
				d.status(vets, backend.Connected)
			})
		}
	}
}

func TestClockSetBackDoesNotHoldUpAPendingDisconnect(t *testing.T) {
	d := threeConnected(t)
	d.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
	d.disconnect(vets)
	same(t, "disconnected", len(d.disconnected()), 0)
	d.advance(-24 * time.Hour)
	d.looks(1)
	same(t, "disconnected", d.disconnected(), []string{jo + ": " + vets})
}

func TestStoppedCheckDoesNotResume(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.advance(25 * time.Hour)
	d.xero.Fail(simxero.Connections, simxero.Stalled())
	before := d.listCalls()
	d.CheckNow()
	if err := d.xero.Await(t.Context(), simxero.Connections, before+1); err != nil {
		t.Fatal(err)
	}
	d.StopCheck()
	d.checked()
	d.looks(30)
	same(t, "calls", d.listCalls()-before, 1)
	d.status(vets, backend.Connected)
	d.xero.Heal()
	d.check()
	same(t, "calls after Check now", d.listCalls()-before, 3)
}

func TestStartedProgramChecksAtEveryDueTime(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	before := d.listCalls()
	d.Start(t.Context())
	for calls := 1; calls <= 3; calls++ {
		if err := d.xero.Await(t.Context(), simxero.Connections, before+calls); err != nil {
			t.Fatal(err)
		}
		d.checked()
		d.advance(25 * time.Hour)
		d.ticks <- struct{}{}
	}
}

// slowXero holds the first list until resume is closed.
type slowXero struct {
	rig.Xero
	asked, resume chan struct{}
}

func (x *slowXero) Connections(ctx context.Context, token backend.Token) (backend.List, error) {
	listed, err := x.Xero.Connections(ctx, token)
	if x.asked != nil {
		asked := x.asked
		x.asked = nil
		close(asked)
		<-x.resume
	}
	return listed, err
}

func TestOlderListDoesNotReplaceTheListOfANewerSignIn(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.checked()
	asked, resume := make(chan struct{}), make(chan struct{})
	d.ports.Xero = &slowXero{Xero: d.ports.Xero, asked: asked, resume: resume}
	d.CheckNow()
	<-asked
	d.connect(jo, dunes)
	close(resume)
	d.checked()
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}
