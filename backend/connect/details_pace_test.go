package connect_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// simulatedTime returns a desk and a simulated Xero with a common clock. A pause moves
// the clock at once.
func simulatedTime(t *testing.T, w simxero.World) *desk {
	t.Helper()
	clock := &rig.Clock{}
	d := newDeskAt(t, rig.StartXero(t, simxero.Options{World: w, Now: clock.Now}))
	d.Now = clock.Now
	d.ports.Authoriser = rig.ClockedServer{Server: rig.Server{Flow: d.flow}, Clock: clock}
	d.Pause = func(ctx context.Context, pause time.Duration) error {
		for until := clock.Now().Add(pause); ctx.Err() == nil; {
			at := clock.Load()
			wait := until.Sub(clock.Now())
			if wait <= 0 || clock.CompareAndSwap(at, at+int64(wait)) {
				return nil
			}
		}
		return ctx.Err()
	}
	return d
}

// allConnected returns a world in which Jo has connected a number of organisations.
func allConnected(n int) simxero.World {
	w := simxero.Named(clients(n)...)
	rig.ConnectAll(&w)
	return w
}

// reconnect completes a round without a new organisation.
func (d *desk) reconnect(person string) {
	d.t.Helper()
	d.follow(d.browser.Continue(d.t.Context(), d.click(), person))
	d.phase(rounds.Done)
}

// TestManyOrganisationsAreReadInsideXerosLimits reads BOOKRING_STRESS organisations, at
// most 10,000.
func TestManyOrganisationsAreReadInsideXerosLimits(t *testing.T) {
	n := min(rig.Rounds(t, 400), 10_000)
	d := simulatedTime(t, allConnected(n)).launch()
	d.reconnect(jo)
	d.until("details", func(o view.Overview) bool { return o.Total == n && !o.Check.Details.Running })
	most, first, asked := 0, 0, map[string]int{}
	requests := d.xero.Requests(simxero.Details)
	for i, r := range requests {
		same(t, "status", r.Status, 200)
		asked[r.Header.Get("Xero-Tenant-Id")]++
		for !requests[first].At.After(r.At.Add(-time.Minute)) {
			first++
		}
		most = max(most, i-first+1)
	}
	same(t, "requests", len(requests), n)
	same(t, "organisations", len(asked), n)
	took := requests[n-1].At.Sub(requests[0].At)
	t.Logf("%d organisations in %v, at most %d in a minute", n, took.Round(time.Second), most)
	if most > 370 {
		t.Errorf("%d requests in a minute", most)
	}
	if longest := time.Duration(n)*time.Minute/300 + 10*time.Second; took > longest {
		t.Errorf("the reading took %v", took)
	}
}

// A correction of a clock that was ahead used to leave the next turn in the future, and
// the reading of details waited until then.
func TestClockSetBackDoesNotHoldUpTheReading(t *testing.T) {
	for _, back := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
		d, p := recordPauses(t, simxero.Demo())
		d.connect(jo, vets)
		d.advance(-back)
		d.connect(jo, fjord)
		d.advance(-back)
		d.reconnect(jo) // for details read a moment ago
		d.checked()
		same(t, "unread", d.unread(), 0)
		if waits := p.taken(); len(waits) > 0 && slices.Max(waits) > 5*time.Second {
			t.Errorf("%v back: waited for %v", back, slices.Max(waits))
		}
	}
}
