package connect_test

import (
	"testing"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

func TestPendingDisconnectIsSentLater(t *testing.T) {
	for name, trouble := range map[string]struct {
		code  backend.Code
		begin func(*desk)
		end   func(*desk)
	}{
		"offline": {backend.Offline, (*desk).offline, (*desk).online},
		"a locked keychain": {
			backend.KeychainLocked,
			func(d *desk) { d.expire(); d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil)) },
			func(d *desk) { d.keychainWorks() },
		},
		"500":            faultOfDisconnect(backend.XeroError, simxero.StatusFault(500)),
		"503":            faultOfDisconnect(backend.XeroUnavailable, simxero.EdgePage(503)),
		"403":            faultOfDisconnect(backend.XeroForbidden, simxero.StatusFault(403)),
		"captive portal": faultOfDisconnect(backend.NetworkSignIn, simxero.CaptivePortal(200)),
		"a lost answer":  faultOfDisconnect(backend.XeroUnreadable, simxero.LostAnswer()),
		"dropped":        faultOfDisconnect(backend.XeroUnreadable, simxero.Dropped()),
	} {
		t.Run(name, func(t *testing.T) {
			d := threeConnected(t)
			trouble.begin(d)
			result := d.disconnect(vets, dunes)
			same(t, "result", result, view.DisconnectResult{Count: 2, Pending: 2, Failed: result.Failed})
			same(t, "reason", result.Failed.Code, string(trouble.code))
			d.status(vets, backend.Disconnected)
			same(t, "pending", d.row(vets).Pending, string(backend.PendingXero))
			d.check()
			d.status(dunes, backend.Disconnected)
			trouble.end(d)
			d.check()
			d.check()
			same(t, "at Xero", d.disconnected(), []string{jo + ": " + vets, jo + ": " + dunes})
			d.status(vets, backend.Disconnected)
			d.status(fjord, backend.Connected)
			same(t, "pending", d.row(vets).Pending+d.row(dunes).Pending, "")
			d.notRevoked()
		})
	}
}

// faultOfDisconnect returns a fault of the disconnect endpoint.
func faultOfDisconnect(code backend.Code, fault simxero.Fault) struct {
	code       backend.Code
	begin, end func(*desk)
} {
	return struct {
		code       backend.Code
		begin, end func(*desk)
	}{code, func(d *desk) { d.xero.Fail(simxero.Disconnect, fault) }, func(d *desk) { d.xero.Heal() }}
}

func TestConnectionUnknownToXeroIsDisconnected(t *testing.T) {
	d := threeConnected(t)
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation(vets).ID)
	same(t, "result", d.disconnect(vets), view.DisconnectResult{Count: 1}) // 404
	d.status(vets, backend.Disconnected)
	same(t, "pending", d.row(vets).Pending, "")
}

func TestRefusedTokenCausesOneRenewal(t *testing.T) {
	d := threeConnected(t)
	d.xero.Fail(simxero.Disconnect, simxero.StatusFault(401).Once())
	same(t, "result", d.disconnect(vets), view.DisconnectResult{Count: 1})
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + vets})
}

func TestPendingDisconnectsObeyALimit(t *testing.T) {
	d := threeConnected(t)
	limit := d.xero.Fail(simxero.Disconnect, simxero.RateLimited("appminute", "600"))
	same(t, "pending disconnects", d.disconnect(vets).Pending, 1)
	same(t, "pending disconnects", d.disconnect(dunes).Pending, 1)
	d.looks(9)
	d.CheckNow()
	d.checked()
	same(t, "requests before the limit ends", limit.Met(), 1)
	limit.Stop()
	d.looks(3)
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + vets, jo + ": " + dunes})
}

func TestRefusedDisconnectIsNotSentEveryMinute(t *testing.T) {
	d := threeConnected(t)
	fault := d.xero.Fail(simxero.Disconnect, simxero.StatusFault(403))
	d.disconnect(vets)
	d.looks(120)
	if n := fault.Met(); n < 6 || n > 9 {
		t.Errorf("%d requests in two hours", n)
	}
}

func TestDisconnectThroughAnEndedSignInWaitsForASignIn(t *testing.T) {
	d := threeConnected(t)
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	d.expire()
	d.check()
	d.status(vets, backend.SignInAgain)
	same(t, "result", d.disconnect(vets), view.DisconnectResult{Count: 1, StillConnected: 1})
	d.status(vets, backend.Disconnected)
	same(t, "pending", d.row(vets).Pending, string(backend.PendingSignIn))
	d.connect(jo, builders)
	d.status(vets, backend.Disconnected)
	d.looks(1)
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + vets})
	d.status(dunes, backend.Connected)
}

func TestDisconnectFindsAnEndedSignIn(t *testing.T) {
	d := threeConnected(t)
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	d.expire()
	d.disconnect(vets)
	d.status(vets, backend.Disconnected)
	same(t, "pending", d.row(vets).Pending, string(backend.PendingSignIn))
	d.status(dunes, backend.SignInAgain)
}
