package connect_test

import (
	"context"
	"testing"
	"time"

	"bookring/backend"
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
