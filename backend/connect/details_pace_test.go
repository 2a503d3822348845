package connect_test

import (
	"context"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// simulatedTime returns a desk and a simulated Xero with a common clock. A pause moves
// the clock at once.
func simulatedTime(t *testing.T, w simxero.World) *desk {
	t.Helper()
	ahead := new(atomic.Int64)
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	server, err := simxero.New(simxero.Options{World: w, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	d := newDeskAt(t, server)
	d.Now = now
	d.ports.Authoriser = aheadAuthoriser{rig.Server{Flow: d.flow}, ahead}
	d.Pause = func(ctx context.Context, pause time.Duration) error {
		for until := now().Add(pause); ctx.Err() == nil; {
			at := ahead.Load()
			wait := until.Sub(now())
			if wait <= 0 || ahead.CompareAndSwap(at, at+int64(wait)) {
				return nil
			}
		}
		return ctx.Err()
	}
	return d
}

// aheadAuthoriser counts the life of what it renews by the simulated time.
type aheadAuthoriser struct {
	rig.Server
	ahead *atomic.Int64
}

func (a aheadAuthoriser) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	token, err := a.Server.Renew(ctx, key, refresh)
	token.Expires = token.Expires.Add(time.Duration(a.ahead.Load()))
	return token, err
}

// allConnected returns a world in which Jo has connected a number of organisations.
func allConnected(n int) simxero.World {
	w := simxero.Named(clients(n)...)
	for _, o := range w.Organisations {
		w.Connected = append(w.Connected, simxero.Link{
			Person: w.People[0].ID, Organisation: o.ID, Client: simxero.DemoClientID,
		})
	}
	return w
}

// reconnect completes a round without a new organisation.
func (d *desk) reconnect(person string) {
	d.t.Helper()
	d.follow(d.browser.Continue(d.t.Context(), d.click(), person))
	d.phase(rounds.Done)
}

// stress is how large a test is: as large as BOOKRING_STRESS says for a long run.
func stress(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("BOOKRING_STRESS")); err == nil {
		return max(n, usual)
	}
	return usual
}

// TestManyOrganisationsAreReadInsideXerosLimits reads BOOKRING_STRESS organisations, at
// most 10,000.
func TestManyOrganisationsAreReadInsideXerosLimits(t *testing.T) {
	n := min(stress(400), 10_000)
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
		d.connect(jo, "Calder Street Vets")
		d.advance(-back)
		d.connect(jo, "Fjord Analytics Ltd")
		d.advance(-back)
		d.reconnect(jo) // for details read a moment ago
		d.checked()
		same(t, "unread", d.unread(), 0)
		if waits := p.taken(); len(waits) > 0 && slices.Max(waits) > 5*time.Second {
			t.Errorf("%v back: waited for %v", back, slices.Max(waits))
		}
	}
}
