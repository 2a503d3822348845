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

// "Access Denied" used to be called a guest network, and asked again at every look.
func TestEveryCauseHasANameAndIsAskedLessAndLessOften(t *testing.T) {
	for name, c := range map[string]struct {
		fault simxero.Fault
		code  backend.Code
		most  int // calls in two hours with a look in each minute
	}{
		"Access Denied":             {simxero.EdgePage(403), backend.RefusedOnTheWay, 8},
		"Not Acceptable":            {simxero.EdgePage(406), backend.RefusedOnTheWay, 8},
		"too many, from the edge":   {simxero.EdgePage(429), backend.XeroRateLimit, 12},
		"a proxy with a password":   {simxero.StatusFault(407), backend.ProxyPassword, 8},
		"maintenance":               {simxero.EdgePage(503), backend.XeroUnavailable, 8},
		"a fault":                   {simxero.StatusFault(500), backend.XeroError, 8},
		"a hotel":                   {simxero.CaptivePortal(200), backend.NetworkSignIn, 121},
		"a hotel's sign-in address": {simxero.CaptivePortal(302), backend.NetworkSignIn, 121},
		"a hotel by the book":       {simxero.CaptivePortal(511), backend.NetworkSignIn, 121},
	} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			d.connect(jo, vets)
			fault := d.xero.Fail(simxero.Connections, c.fault)
			d.check()
			d.status(vets, backend.NotChecked)
			same(t, "trouble", d.row(vets).Trouble, string(c.code))
			d.looks(120)
			t.Logf("%d calls in two hours", fault.Met())
			if fault.Met() > c.most {
				t.Errorf("%d calls in two hours", fault.Met())
			}
			fault.Stop()
			d.looks(60)
			d.status(vets, backend.Connected)
		})
	}
}

// oneFails is a Xero whose details of one organisation always fail.
type oneFails struct {
	rig.Xero
	id   string
	code backend.Code
	met  atomic.Int32
}

func (x *oneFails) Details(ctx context.Context, token backend.Token, id string) (backend.Details, error) {
	if id == x.id {
		x.met.Add(1)
		return backend.Details{}, backend.Fail(x.code, "", nil)
	}
	return x.Xero.Details(ctx, token, id)
}

// The first failure about the organisation used to end the reading of the others.
func TestOneOrganisationWhoseDetailsAlwaysFailDoesNotHoldUpTheOthers(t *testing.T) {
	for _, code := range []backend.Code{backend.XeroError, backend.XeroUnavailable, backend.Offline, backend.RefusedOnTheWay} {
		t.Run(string(code), func(t *testing.T) {
			d := launch(t, allConnected(30)).skipPauses()
			x := &oneFails{Xero: d.ports.Xero, id: d.xero.World().Organisation("Client 001").ID, code: code}
			d.ports.Xero = x
			d.reconnect(jo)
			d.checked()
			same(t, "unread at once", d.unread(), 1)
			same(t, "calls", d.detailCalls(), 29)
			d.looks(24 * 60)
			t.Logf("%s: %d questions about one organisation in a day", code, x.met.Load())
			if x.met.Load() > 8 {
				t.Errorf("%d questions about one organisation in a day", x.met.Load())
			}
			d.status("Client 001", backend.Connected)
		})
	}
}

// watched starts a desk whose system tells of the network.
func watched(t *testing.T) (d *desk, networkChanged func()) {
	t.Helper()
	d = newDesk(t, simxero.Demo())
	told := make(chan func(), 1)
	d.Network = func(ctx context.Context, changed func()) { told <- changed; <-ctx.Done() }
	d.launch().skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.checked()
	d.Start(t.Context())
	return d, <-told
}

func TestListIsFreshAtOnceAfterTheNetworksReturn(t *testing.T) {
	d, networkChanged := watched(t)
	d.checked()
	d.offline()
	for range 600 { // an outage of ten hours
		d.advance(time.Minute)
		d.ticks <- struct{}{}
		d.checked()
	}
	d.check()
	d.status(vets, backend.NotChecked)
	d.online()
	before := d.listCalls()
	networkChanged() // no tick: the clock stands still
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
	same(t, "lists", d.listCalls()-before, 2)
}

func TestReturnedNetworkEndsNoLimitOfXeros(t *testing.T) {
	d, networkChanged := watched(t)
	d.checked()
	limit := d.xero.Fail(simxero.Connections, simxero.RateLimited("appminute", "600"))
	d.check()
	d.status(vets, backend.NotChecked)
	networkChanged()
	d.ticks <- struct{}{}
	d.checked()
	same(t, "calls", limit.Met(), 1)
}
