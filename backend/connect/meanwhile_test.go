package connect_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// What a person does while a check goes on, is being stopped or is about to begin.

// holds lets the next requests to Xero, or their answers, wait until they are
// let go, whoever calls them off; met is told of each.
func (d *desk) holds(requests int32) (met <-chan struct{}, letGo func()) {
	asked, release := make(chan struct{}, requests), make(chan struct{})
	var n atomic.Int32
	d.line.meet.Store(new(func() error {
		if n.Add(1) <= requests {
			asked <- struct{}{}
			<-release
		}
		return nil
	}))
	return asked, sync.OnceFunc(func() { close(release) })
}

func TestWhoAsksForACheckWhileOneRunsIsAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(d *desk)
		vets      backend.Status
		lists     int
	}{
		"it is being stopped": {func(d *desk) {
			d.StopCheck()
			d.CheckNow()
		}, backend.Connected, 2},
		"it is stopped after all": {func(d *desk) {
			d.CheckNow()
			d.StopCheck()
		}, backend.Connected, 0},
		"the network goes": {func(d *desk) {
			d.offline()
			d.CheckNow()
		}, backend.NotChecked, 0},
		"all is well": {(*desk).CheckNow, backend.Connected, 2},
	} {
		t.Run(name, func(t *testing.T) {
			d := sitDown(t, simxero.Demo()).hurry()
			d.connect(jo, "Calder Street Vets")
			d.connect(sam, "Dunes Surf School")
			d.pass(25 * time.Hour)
			for _, person := range []string{jo, sam} {
				if _, err := d.renewNow(person); err != nil {
					t.Fatal(err)
				}
			}
			before := d.listCalls()
			met, letGo := d.holds(1)
			defer letGo()
			d.CheckNow()
			<-met
			c.meanwhile(d)
			letGo()
			d.checked()
			same(t, "lists", d.listCalls()-before, c.lists)
			d.status("Calder Street Vets", c.vets)
			d.looks(30)
			same(t, "lists in half an hour", d.listCalls()-before, c.lists)
		})
	}
}

func TestWhoAsksWhileDetailsAreNoLongerReadHasThemRead(t *testing.T) {
	d := sitDown(t, allConnected(8)).hurry()
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.signInAgain(jo)
	if err := held.Await(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	held.Stop()
	met, letGo := d.holds(4)
	defer letGo()
	d.StopCheck()
	for range 4 {
		<-met // the readings, called off
	}
	d.CheckNow()
	d.until("the end of the check", func(o view.Overview) bool { return !o.Check.Running })
	letGo()
	d.checked()
	same(t, "unread", d.unread(), 0)
}

// gated is a register whose reading of sign-ins a test can hold.
type gated struct {
	rig.Register
	hold atomic.Pointer[func()]
}

func (g *gated) SignIns(ctx context.Context) ([]backend.SignIn, error) {
	all, err := g.Register.SignIns(ctx)
	if hold := g.hold.Load(); hold != nil && ctx.Err() == nil {
		(*hold)()
	}
	return all, err
}

// holdNext holds the next reading until goOn; read is closed when it has begun.
func (g *gated) holdNext() (read <-chan struct{}, goOn func()) {
	begun, held := make(chan struct{}), make(chan struct{})
	var n atomic.Int32
	g.hold.Store(new(func() {
		if n.Add(1) == 1 {
			close(begun)
			<-held
		}
	}))
	return begun, sync.OnceFunc(func() { close(held) })
}

func TestCheckNowIsHeardInTheClickThatBringsTheWindowForward(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	g := &gated{Register: d.ports.Register}
	d.ports.Register = g
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.checked()
	// One of them was not checked for more than an hour, the other was.
	d.pass(50 * time.Minute)
	d.connect(jo, fjord)
	d.checked()
	d.pass(20 * time.Minute)
	before := d.listCalls()
	var n atomic.Int32
	first, goOn := make(chan struct{}), make(chan struct{})
	g.hold.Store(new(func() {
		if n.Add(1) == 1 {
			close(first)
			<-goOn
		}
	}))
	met, letGo := d.holds(1)
	var came sync.WaitGroup
	came.Go(d.CameForward) // the focus comes with the click
	<-first
	// CheckNow forgives while CameForward still reads; then CameForward begins.
	g.hold.Store(new(func() {
		if n.Add(1) == 2 {
			close(goOn)
			<-met // CameForward's check has begun
		}
	}))
	d.CheckNow()
	came.Wait()
	letGo()
	d.checked()
	same(t, "lists", d.listCalls()-before, 2)
}

// stopping is a desk whose check of two sign-ins is being stopped, until it is let
// go: it asks for neither of them.
func stopping(t *testing.T) (d *desk, g *gated, lists func() int, letGo func()) {
	t.Helper()
	d = sitDown(t, simxero.Demo()).hurry()
	g = &gated{Register: d.ports.Register}
	d.ports.Register = g
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.pass(10 * time.Minute)
	before := d.listCalls()
	met, letGo := d.holds(1)
	d.CheckNow()
	<-met
	d.StopCheck()
	return d, g, func() int { return d.listCalls() - before }, letGo
}

func TestCheckNowAtTheEndOfACheckAsksOnce(t *testing.T) {
	d, g, lists, letGo := stopping(t)
	read, goOn := g.holdNext()
	var asked sync.WaitGroup
	done := make(chan struct{})
	asked.Go(func() { d.CheckNow(); close(done) })
	select {
	case <-read:
	case <-done: // it leaves it to the end of the one that runs
		goOn()
	}
	letGo()
	d.checked()
	same(t, "lists", lists(), 2)
	goOn()
	asked.Wait()
	d.checked()
	same(t, "lists", lists(), 2)
}

func TestStopIsHeardWhileTheNextCheckIsBeingPrepared(t *testing.T) {
	d, g, lists, letGo := stopping(t)
	d.CheckNow()
	prepared, goOn := g.holdNext()
	letGo()
	<-prepared
	same(t, "running", d.Checking(), true)
	d.StopCheck()
	goOn()
	d.checked()
	same(t, "lists", lists(), 0)
}

func TestAStoppedCheckOfATroubledSignInStaysStopped(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, vets)
	fault := d.xero.Fail(simxero.Connections, simxero.StatusFault(500))
	d.check()
	d.status(vets, backend.NotChecked)
	fault.Stop()
	d.pass(2 * time.Minute)
	held := d.xero.Fail(simxero.Connections, simxero.Stalled())
	before := d.listCalls()
	d.Look()
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.StopCheck()
	d.checked()
	held.Stop()
	d.looks(30)
	same(t, "lists in half an hour after Stop", d.listCalls()-before, 1)
}

func TestAStoppedReadingStaysStoppedAfterALimitThatIsOver(t *testing.T) {
	d := sitDown(t, allConnected(8)).hurry()
	limit := d.xero.Fail(simxero.Details, simxero.RateLimited("appminute", "60"))
	d.signInAgain(jo)
	d.checked()
	limit.Stop()
	d.pass(2 * time.Minute)
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.Look()
	if err := held.Await(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	before := d.detailCalls()
	d.StopCheck()
	d.checked()
	held.Stop()
	d.looks(30)
	same(t, "readings in half an hour after Stop", d.detailCalls()-before, 0)
}

// oneInTrouble is a desk with three sign-ins, one of which could not be checked.
func oneInTrouble(t *testing.T) (d *desk, lists func() int) {
	t.Helper()
	d = sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.connect("Aroha Ngata", "Bright Fern Nurseries")
	d.checked()
	d.xero.Fail(simxero.Connections, simxero.StatusFault(500).Once())
	d.check()
	d.pass(2 * time.Minute)
	before := d.listCalls()
	return d, func() int { return d.listCalls() - before }
}

func TestRenewNowWhileACheckRunsDoesNotCheckEverything(t *testing.T) {
	d, lists := oneInTrouble(t)
	held := d.xero.Fail(simxero.Connections, simxero.Stalled().Once())
	d.Look() // what is in trouble, by itself
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := d.renewNow(sam); err != nil {
		t.Fatal(err)
	}
	held.Release()
	d.checked()
	same(t, "lists", lists(), 1)
}

func TestRenewNowDoesNotBeginAgainWhatIsBeingStopped(t *testing.T) {
	d, lists := oneInTrouble(t)
	met, letGo := d.holds(1)
	defer letGo()
	d.CheckNow()
	<-met
	d.StopCheck()
	if _, err := d.renewNow(sam); err != nil {
		t.Fatal(err)
	}
	letGo()
	d.checked()
	same(t, "lists", lists(), 0)
}
