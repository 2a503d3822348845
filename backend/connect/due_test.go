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

// look looks whether a check is due, and waits for the end of it.
func (d *desk) look() {
	d.t.Helper()
	d.Look()
	d.checked()
}

// looks goes through a time, a look a minute.
func (d *desk) looks(minutes int) {
	d.t.Helper()
	for range minutes {
		d.pass(time.Minute)
		d.look()
	}
}

func (d *desk) checked() {
	d.t.Helper()
	d.wait("the end of the check", func() bool { return !d.Checking() })
}

// pass lets time pass, when what runs has ended.
func (d *desk) pass(time time.Duration) {
	d.t.Helper()
	d.checked()
	d.ahead.Add(int64(time))
}

func (d *desk) listCalls() int { return len(d.xero.Requests(simxero.Connections)) }

func TestNothingIsCheckedTwiceInAnHourOrADay(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
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
		{"a clock that was set back a year", -365 * 24 * time.Hour, d.look, 1},
		{"and stands there", time.Minute, d.look, 0},
		{"a clock that is ten years ahead", 11 * 365 * 24 * time.Hour, d.look, 1},
		{"and stands there too", time.Minute, d.look, 0},
	} {
		before := d.listCalls()
		d.pass(step.after)
		step.do()
		same(t, step.what, d.listCalls()-before, step.calls)
	}
}

func TestNoRenewalWithoutNeed(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.looks(50)
	d.CameForward()
	d.checked()
	same(t, "nothing needed it", len(d.xero.Requests(simxero.Renewal)), 0)
	d.pass(11 * time.Minute)
	d.CameForward()
	d.checked()
	same(t, "a call needed it", len(d.xero.Requests(simxero.Renewal)), 1)
	d.ahead.Store(0) // where the new access token is half an hour old at most
	d.check()
	d.check()
	same(t, "its access lives", len(d.xero.Requests(simxero.Renewal)), 1)
}

func TestALimitOfXerosIsObeyedToItsEnd(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	limit := d.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", "600"))
	d.check()
	same(t, "one call found it out for all", limit.Met(), 1)
	d.status("Calder Street Vets", backend.NotChecked)
	d.status("Dunes Surf School", backend.NotChecked)
	d.looks(9)
	d.CheckNow()
	d.CameForward()
	same(t, "calls until it ends", limit.Met(), 1)
	limit.Stop()
	d.looks(3)
	d.status("Calder Street Vets", backend.Connected)
	d.status("Dunes Surf School", backend.Connected)
}

func TestAFaultOfXerosIsAskedAfterEverMoreSeldom(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	fault := d.xero.Fail(simxero.Connections, simxero.StatusFault(500))
	d.check()
	d.looks(120)
	if n := fault.Met(); n < 6 || n > 8 {
		t.Errorf("%d calls in two hours", n)
	}
	before := fault.Met()
	d.check()
	same(t, "calls when a person asks", fault.Met()-before, 1)
	fault.Stop()
	d.pass(time.Hour)
	d.look()
	d.status("Calder Street Vets", backend.Connected)
}

func TestANetworkThatIsBackIsNoticedWithinAMinute(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.checked() // details that the cut meets are read later, by a token of their own
	all := ""
	d.line.cut.Store(&all)
	d.check()
	d.looks(40)
	d.status("Calder Street Vets", backend.NotChecked)
	d.line.cut.Store(nil)
	d.looks(1)
	d.status("Calder Street Vets", backend.Connected)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
}

func TestALockedKeychainIsNotAskedEveryMinute(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d.expire()
	var asked atomic.Int32
	d.trouble.Store(new(func(string) error { asked.Add(1); return backend.Fail(backend.KeychainLocked, "", nil) }))
	d.check()
	d.looks(50)
	d.CameForward()
	d.checked()
	same(t, "questions", asked.Load(), 1)
	d.check()
	same(t, "questions when a person wants it", asked.Load(), 2)
	d.trouble.Store(nil)
	d.pass(time.Hour)
	d.look()
	d.status("Calder Street Vets", backend.Connected)
	d.status("Dunes Surf School", backend.Connected)
}

// A clock that was set right used to make waits of a minute as long as it had been
// wrong, and nothing that a person did shortened that of a limit.
func TestAClockThatIsSetBackMakesNoWaitLonger(t *testing.T) {
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
			d.trouble.Store(nil)
		},
	} {
		for _, back := range []time.Duration{time.Hour, 24 * time.Hour} {
			t.Run(name+", "+back.String(), func(t *testing.T) {
				d := sitDown(t, simxero.Demo()).hurry()
				d.connect(jo, "Calder Street Vets")
				begin(d)
				d.status("Calder Street Vets", backend.NotChecked)
				d.pass(-back)
				d.looks(1)
				d.status("Calder Street Vets", backend.Connected)
			})
		}
	}
}

func TestAClockThatIsSetBackDoesNotKeepXeroFromBeingTold(t *testing.T) {
	d := three(t)
	d.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
	d.disconnect(vets)
	same(t, "told", len(d.told()), 0)
	d.pass(-24 * time.Hour)
	d.looks(1)
	same(t, "told", d.told(), []string{jo + ": " + vets})
}

func TestACheckThatWasStoppedDoesNotBeginAgainByItself(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d.pass(25 * time.Hour)
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
	d.status("Calder Street Vets", backend.Connected)
	d.xero.Heal()
	d.check()
	same(t, "calls after Check now", d.listCalls()-before, 3)
}

func TestAStartedProgramLooksByItself(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	before := d.listCalls()
	d.Start(t.Context())
	for calls := 1; calls <= 3; calls++ {
		if err := d.xero.Await(t.Context(), simxero.Connections, before+calls); err != nil {
			t.Fatal(err)
		}
		d.checked()
		d.pass(25 * time.Hour)
		d.ticks <- struct{}{}
	}
}

// slowXero gives a list only when it is let go.
type slowXero struct {
	rig.Xero
	asked, goOn chan struct{}
}

func (x *slowXero) Connections(ctx context.Context, token backend.Token) ([]backend.Connection, error) {
	listed, err := x.Xero.Connections(ctx, token)
	if x.asked != nil {
		asked := x.asked
		x.asked = nil
		close(asked)
		<-x.goOn
	}
	return listed, err
}

func TestAnOlderListIsNotWrittenOverOneThatASignInBrought(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.checked()
	asked, goOn := make(chan struct{}), make(chan struct{})
	d.ports.Xero = &slowXero{Xero: d.ports.Xero, asked: asked, goOn: goOn}
	d.CheckNow()
	<-asked
	d.connect(jo, "Dunes Surf School")
	close(goOn)
	d.checked()
	d.status("Calder Street Vets", backend.Connected)
	d.status("Dunes Surf School", backend.Connected)
}
