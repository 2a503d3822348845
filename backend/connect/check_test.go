package connect_test

import (
	"context"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/simxero"
)

// check presses Check now and waits for the end of the check.
func (d *desk) check() {
	d.t.Helper()
	d.CheckNow()
	d.checked()
}

// skipPauses skips every pause below five seconds. A longer pause ends at the test's next
// tick.
func (d *desk) skipPauses() *desk {
	d.Pause = func(ctx context.Context, pause time.Duration) error {
		if replaced := d.pause.Load(); replaced != nil {
			return (*replaced)(ctx, pause)
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

// setPause replaces the pauses of a desk with skipPauses.
func (d *desk) setPause(pause func(ctx context.Context, pause time.Duration) error) {
	d.pause.Store(&pause)
}

// expire passes the expiry of the access tokens.
func (d *desk) expire() { d.advance(40 * time.Minute) }

func TestCheckMakesOneCallPerSignIn(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(jo, fjord)
	d.connect(sam, dunes)
	before := len(d.xero.Requests(simxero.Connections))
	d.check()
	same(t, "calls", len(d.xero.Requests(simxero.Connections))-before, 2)
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 0)
}

func TestRemovedOrganisationIsMarkedAndCanBeReconnected(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(jo, fjord)
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation(vets).ID)
	d.check()
	d.status(vets, backend.Removed)
	d.status(fjord, backend.Connected)

	d.connect(jo, vets)
	d.status(vets, backend.Connected)
}

func TestOfflineNeverMeansSignInAgain(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.offline()
	for range 2 {
		d.check()
		d.status(vets, backend.NotChecked)
		d.status(dunes, backend.NotChecked)
		same(t, "trouble", d.row(dunes).Trouble, string(backend.Offline))
		same(t, "need attention", d.overview().Attention, 0)
		d.expire()
	}
	d.online()
	d.check()
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

func TestFailuresOfXeroNeverMeanSignInAgain(t *testing.T) {
	for name, fault := range map[string]simxero.Fault{
		"500":            simxero.StatusFault(500),
		"503":            simxero.StatusFault(503),
		"captive portal": simxero.CaptivePortal(200),
		"half a body":    simxero.HalfBody(),
		"empty body":     simxero.EmptyBody(),
		"rate limit":     simxero.RateLimited("minute", "60"),
		"dropped":        simxero.Dropped(),
	} {
		for _, endpoint := range []simxero.Endpoint{simxero.Connections, simxero.Renewal} {
			t.Run(name+" at "+string(endpoint), func(t *testing.T) {
				d := launch(t, simxero.Demo()).skipPauses()
				d.connect(jo, vets)
				d.expire()
				d.xero.Fail(endpoint, fault)
				d.check()
				d.status(vets, backend.NotChecked)
				d.xero.Heal()
				d.advance(time.Minute) // the shortest limit
				d.check()
				d.status(vets, backend.Connected)
			})
		}
	}
}
