package connect_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/simxero"
)

// check presses Check now and waits for its end.
func (d *desk) check() {
	d.t.Helper()
	d.CheckNow()
	d.checked()
}

// hurry lets what is tried again be tried at once. What goes on by itself, every
// few seconds or minutes, goes on when the test ticks.
func (d *desk) hurry() *desk {
	d.Pause = func(ctx context.Context, pause time.Duration) error {
		if waits := d.waiting.Load(); waits != nil {
			return (*waits)(ctx, pause)
		}
		if pause < 5*time.Second {
			return ctx.Err()
		}
		select {
		case <-d.ticks:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return d
}

// waits lets a desk in a hurry wait as a test wants from now on.
func (d *desk) waits(waits func(ctx context.Context, pause time.Duration) error) {
	d.waiting.Store(&waits)
}

// expire makes access tokens too old to be used.
func (d *desk) expire() { d.pass(40 * time.Minute) }

func TestACheckCostsOneCallForEachSignIn(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(jo, "Fjord Analytics Ltd")
	d.connect(sam, "Dunes Surf School")
	before := len(d.xero.Requests(simxero.Connections))
	d.check()
	same(t, "calls", len(d.xero.Requests(simxero.Connections))-before, 2)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 0)
}

func TestWhatWasRemovedAtXeroIsSaidAndComesBack(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(jo, "Fjord Analytics Ltd")
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation("Calder Street Vets").ID)
	d.check()
	d.status("Calder Street Vets", backend.Removed)
	d.status("Fjord Analytics Ltd", backend.Connected)

	d.connect(jo, "Calder Street Vets")
	d.status("Calder Street Vets", backend.Connected)
}

func TestOfflineIsNeverSignInAgain(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	all := ""
	d.line.cut.Store(&all)
	for range 2 {
		d.check()
		d.status("Calder Street Vets", backend.NotChecked)
		d.status("Dunes Surf School", backend.NotChecked)
		same(t, "trouble", d.row("Dunes Surf School").Trouble, string(backend.Offline))
		same(t, "need attention", d.overview().Attention, 0)
		d.expire()
	}
	d.line.cut.Store(nil)
	d.check()
	d.status("Calder Street Vets", backend.Connected)
	d.status("Dunes Surf School", backend.Connected)
}

func TestTroubleAtXeroIsNeverSignInAgain(t *testing.T) {
	for name, fault := range map[string]simxero.Fault{
		"500":            simxero.StatusFault(500),
		"503":            simxero.StatusFault(503),
		"captive portal": simxero.CaptivePortal(200),
		"half a body":    simxero.HalfBody(),
		"nothing":        simxero.EmptyBody(),
		"rate limit":     simxero.RateLimited("minute", "60"),
		"dropped":        simxero.Dropped(),
	} {
		for _, endpoint := range []simxero.Endpoint{simxero.Connections, simxero.Renewal} {
			t.Run(name+" at "+string(endpoint), func(t *testing.T) {
				d := sitDown(t, simxero.Demo()).hurry()
				d.connect(jo, "Calder Street Vets")
				d.expire()
				d.xero.Fail(endpoint, fault)
				d.check()
				d.status("Calder Street Vets", backend.NotChecked)
				d.xero.Heal()
				d.check()
				d.status("Calder Street Vets", backend.Connected)
			})
		}
	}
}

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
	d.until("the end of the check", func(o connect.Overview) bool { return !o.Check.Running })
	letGo()
	d.checked()
	same(t, "unread", d.unread(), 0)
}
