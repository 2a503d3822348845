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

// The tests below press buttons during the beginning, the run and the stop of a check.

// holdRequests holds the next requests to Xero, or the answers, until release, even after
// a cancelled context. Arrived receives each held request.
func (d *desk) holdRequests(requests int32) (arrived <-chan struct{}, release func()) {
	asked, held := make(chan struct{}, requests), make(chan struct{})
	var n atomic.Int32
	d.network.intercept.Store(new(func() error {
		if n.Add(1) <= requests {
			asked <- struct{}{}
			<-held
		}
		return nil
	}))
	return asked, sync.OnceFunc(func() { close(held) })
}

func TestCheckNowDuringACheckIsAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(d *desk)
		vets      backend.Status
		lists     int
	}{
		"Check now after Stop": {func(d *desk) {
			d.StopCheck()
			d.CheckNow()
		}, backend.Connected, 2},
		"Stop after Check now": {func(d *desk) {
			d.CheckNow()
			d.StopCheck()
		}, backend.Connected, 0},
		"offline": {func(d *desk) {
			d.offline()
			d.CheckNow()
		}, backend.NotChecked, 1}, // the list under way
		"Check now alone": {(*desk).CheckNow, backend.Connected, 2},
	} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			d.connect(jo, vets)
			d.connect(sam, dunes)
			d.advance(25 * time.Hour)
			for _, person := range []string{jo, sam} {
				if _, err := d.renewNow(person); err != nil {
					t.Fatal(err)
				}
			}
			before := d.listCalls()
			arrived, release := d.holdRequests(1)
			defer release()
			d.CheckNow()
			<-arrived
			c.meanwhile(d)
			release()
			d.checked()
			same(t, "lists", d.listCalls()-before, c.lists)
			d.status(vets, c.vets)
			d.looks(30)
			same(t, "lists in half an hour", d.listCalls()-before, c.lists)
		})
	}
}

func TestCheckNowDuringAStoppingReadingReadsTheDetails(t *testing.T) {
	d := launch(t, allConnected(8)).skipPauses()
	held := d.xero.Fail(simxero.Details, simxero.Stalled())
	d.reconnect(jo)
	if err := held.Await(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	arrived, release := d.holdRequests(4)
	defer release()
	d.StopCheck()
	for range 4 {
		<-arrived // the cancelled readings
	}
	held.Stop()
	d.CheckNow()
	d.until("the end of the check", func(o view.Overview) bool { return !o.Check.Running })
	release()
	d.checked()
	same(t, "unread", d.unread(), 0)
}

// gated is a register that can hold the reading of sign-ins.
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

// holdNext holds the next reading until resume. The channel read is closed at the
// beginning of the reading.
func (g *gated) holdNext() (read <-chan struct{}, resume func()) {
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

func TestCheckNowCountsInTheClickThatFocusesTheWindow(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	g := &gated{Register: d.ports.Register}
	d.ports.Register = g
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.checked()
	// Sam's sign-in was last checked more than an hour ago, Jo's less.
	d.advance(50 * time.Minute)
	d.connect(jo, fjord)
	d.checked()
	d.advance(20 * time.Minute)
	before := d.listCalls()
	var n atomic.Int32
	first, resume := make(chan struct{}), make(chan struct{})
	g.hold.Store(new(func() {
		if n.Add(1) == 1 {
			close(first)
			<-resume
		}
	}))
	arrived, release := d.holdRequests(1)
	var forward sync.WaitGroup
	forward.Go(d.CameForward) // the click also focuses the window
	<-first
	// CheckNow resets the backoffs while CameForward still reads the sign-ins; then
	// CameForward begins the check.
	g.hold.Store(new(func() {
		if n.Add(1) == 2 {
			close(resume)
			<-arrived // the check of CameForward has begun
		}
	}))
	d.CheckNow()
	forward.Wait()
	release()
	d.checked()
	same(t, "lists", d.listCalls()-before, 2)
}

// stopping returns a desk with a stopping check of two sign-ins. The check ends at
// release, without a list.
func stopping(t *testing.T) (d *desk, g *gated, lists func() int, release func()) {
	t.Helper()
	d = launch(t, simxero.Demo()).skipPauses()
	g = &gated{Register: d.ports.Register}
	d.ports.Register = g
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.advance(10 * time.Minute)
	before := d.listCalls()
	arrived, release := d.holdRequests(1)
	d.CheckNow()
	<-arrived
	d.StopCheck()
	return d, g, func() int { return d.listCalls() - before }, release
}

func TestCheckNowAtTheEndOfACheckChecksOnce(t *testing.T) {
	d, g, lists, release := stopping(t)
	read, resume := g.holdNext()
	var asked sync.WaitGroup
	done := make(chan struct{})
	asked.Go(func() { d.CheckNow(); close(done) })
	select {
	case <-read:
	case <-done: // the end of the running check begins the next
		resume()
	}
	release()
	d.checked()
	same(t, "lists", lists(), 2)
	resume()
	asked.Wait()
	d.checked()
	same(t, "lists", lists(), 2)
}

func TestStopCountsDuringThePreparationOfACheck(t *testing.T) {
	d, g, lists, release := stopping(t)
	d.CheckNow()
	prepared, resume := g.holdNext()
	release()
	<-prepared
	same(t, "running", d.Checking(), true)
	d.StopCheck()
	resume()
	d.checked()
	same(t, "lists", lists(), 0)
}

func TestStoppedCheckOfASignInInTroubleStaysStopped(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	fault := d.xero.Fail(simxero.Connections, simxero.StatusFault(500))
	d.check()
	d.status(vets, backend.NotChecked)
	fault.Stop()
	d.advance(2 * time.Minute)
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

func TestStoppedReadingStaysStoppedAfterALimit(t *testing.T) {
	d := launch(t, allConnected(8)).skipPauses()
	limit := d.xero.Fail(simxero.Details, simxero.RateLimited("appminute", "60"))
	d.reconnect(jo)
	d.checked()
	limit.Stop()
	d.advance(2 * time.Minute)
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

// withOneInTrouble returns a desk with three sign-ins, a sign-in in trouble among them.
func withOneInTrouble(t *testing.T) (d *desk, lists func() int) {
	t.Helper()
	d = launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.connect("Aroha Ngata", "Bright Fern Nurseries")
	d.checked()
	d.xero.Fail(simxero.Connections, simxero.StatusFault(500).Once())
	d.check()
	d.advance(2 * time.Minute)
	before := d.listCalls()
	return d, func() int { return d.listCalls() - before }
}

func TestRenewNowDuringACheckDoesNotCheckEverySignIn(t *testing.T) {
	d, lists := withOneInTrouble(t)
	held := d.xero.Fail(simxero.Connections, simxero.Stalled().Once())
	d.Look() // checks the sign-in in trouble
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

func TestRenewNowDoesNotRestartAStoppingCheck(t *testing.T) {
	d, lists := withOneInTrouble(t)
	arrived, release := d.holdRequests(1)
	defer release()
	d.CheckNow()
	<-arrived
	d.StopCheck()
	if _, err := d.renewNow(sam); err != nil {
		t.Fatal(err)
	}
	release()
	d.checked()
	same(t, "lists", lists(), 0)
}
