package connect_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

func TestUnusableKeychainIsFoundBeforeTheBrowserOpens(t *testing.T) {
	for _, code := range []backend.Code{
		backend.KeychainMissing, backend.KeychainLocked, backend.KeychainDismissed, backend.KeychainStuck,
		backend.KeychainTooBig, backend.KeychainDamaged, backend.KeychainFailed,
	} {
		t.Run(string(code), func(t *testing.T) {
			d := launch(t, simxero.Demo())
			d.keychainFails("Probe", backend.Fail(code, "reason", nil))
			d.Connect()
			same(t, "failure", d.failed(), view.Failed{Code: string(code), Detail: "reason"})
			d.noBrowserOpened()
			same(t, "requests", len(d.xero.Requests()), 0)

			d.UseThisSessionOnly()
			d.connect(jo, vets)
			if !d.overview().SessionOnly {
				t.Error("the banner is missing")
			}
			if keys, err := d.keychain.Keys(t.Context()); err != nil || len(keys) != 0 {
				t.Errorf("the keychain holds %v, %v", keys, err)
			}
		})
	}
}

func TestUnsavedGrantIsCompletedForThisSession(t *testing.T) {
	for _, methods := range []string{"Load Unlocked", "Save"} {
		d := launch(t, simxero.Demo())
		d.keychainFault.Store(new(func(called string) error {
			if strings.Contains(methods, called) {
				return backend.Fail(backend.KeychainLocked, "", nil)
			}
			return nil
		}))
		page := d.allow(d.click(), jo, vets)
		same(t, "failure", d.failed(), view.Failed{Code: string(backend.KeychainLocked)})
		pageSays(t, page, "The password store is locked")
		same(t, "rows before", len(d.rows()), 0)
		same(t, "list requests before the save", len(d.xero.Requests(simxero.Connections)), 0)

		d.UseThisSessionOnly()
		d.completesWithoutBrowser(vets)
		if _, err := d.Renewal.Session.Load(t.Context(), d.key(jo)); err != nil {
			t.Error(err)
		}
	}
}

// completesWithoutBrowser presses Connect and expects a recorded grant without a second
// round.
func (d *desk) completesWithoutBrowser(organisation string) {
	d.t.Helper()
	exchanges := len(d.xero.Requests(simxero.Exchange))
	d.Connect()
	done := d.phase(rounds.Done)
	same(d.t, "added", names(done.Connected.Added), []string{organisation})
	same(d.t, "token requests", len(d.xero.Requests(simxero.Exchange)), exchanges)
	d.noBrowserOpened()
	d.click() // no other grant is pending
}

func TestDamagedCredentialIsReplaced(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.keychainFails("Load", backend.Fail(backend.KeychainDamaged, "", nil))
	d.connect(jo, vets)
	d.keychainWorks()
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
}

// The grant used to be forgotten with its access token, although the refresh token lives for
// 60 days.
func TestAnUnsavedGrantOutlivesItsAccessToken(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.keychainFails("Save", backend.Fail(backend.KeychainLocked, "", nil))
	d.allow(d.click(), jo, vets)
	d.failed()
	d.ahead.Store(int64(31 * time.Minute))
	d.keychainWorks()
	d.completesWithoutBrowser(vets)
}

func TestOlderGrantDoesNotReplaceANewerToken(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two", "Three"))
	older, newer := twoWaiting(t, d)
	d.keychainFails("Save", backend.Fail(backend.KeychainLocked, "", nil))
	d.allow(older, jo, "Two")
	d.keychainWorks()
	d.allow(newer, jo, "Three")
	d.phase(rounds.Done)
	same(t, "connected", d.overview().Total, 3)
	d.click() // no grant is pending
}

// A retried grant used to be saved again, over the credential renewed meanwhile. A day
// later Xero refused both tokens.
func TestRetriedGrantDoesNotReplaceARenewedCredential(t *testing.T) {
	d := simulatedTime(t, simxero.Demo())
	simulated := d.Pause
	d.Pause = func(ctx context.Context, pause time.Duration) error {
		if pause == 5*time.Second { // before the next try with the grant
			<-ctx.Done()
		}
		return simulated(ctx, pause)
	}
	d.launch()
	d.connect(jo, vets)
	d.checked()
	d.xero.Fail(simxero.Connections, simxero.StatusFault(503).Once())
	d.allow(d.click(), jo, fjord)
	same(t, "failure", d.failed().Code, string(backend.XeroUnavailable))
	if _, err := d.renewNow(jo); err != nil {
		t.Fatal(err)
	}
	renewed, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d.completesWithoutBrowser(fjord)
	d.Cancel()
	saved, err := d.credential(jo)
	same(t, "retained newer token", err == nil && saved.Refresh.Equal(renewed.Refresh), true)
	d.checked()
	_ = d.Pause(t.Context(), 25*time.Hour)
	d.check()
	d.status(vets, backend.Connected)
	d.status(fjord, backend.Connected)
}

func TestOfflineFailureNamesTheStep(t *testing.T) {
	steps := []struct{ name, path, detail string }{
		{"discovery", "/openid-configuration", "looked up the test server"},
		{"token", "/connect/token", "asked Xero for access"},
		{"keys", "/jwks", "checked who signed in"},
		{"connections", "/connections", "read what was connected"},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			d := launch(t, simxero.Demo())
			d.network.cut.Store(&step.path)
			d.Connect()
			want := view.Failed{Code: string(backend.Offline), Detail: step.detail}
			if step.name == "discovery" {
				same(t, "failure", d.failed(), want)
				d.noBrowserOpened()
				return
			}
			page := d.allow(<-d.opened, jo, vets)
			same(t, "failure", d.failed(), want)
			pageSays(t, page, "did not work while Bookring "+step.detail)
			same(t, "rows", len(d.rows()), 0)
			d.online()
			if step.name == "connections" {
				d.completesWithoutBrowser(vets)
			}
		})
	}
}

func TestListFailureDecidesWhetherARetryNeedsTheBrowser(t *testing.T) {
	cases := map[backend.Code]struct {
		fault     simxero.Fault
		completes bool
	}{
		backend.XeroRateLimit:      {simxero.RateLimited("minute", "30"), true},
		backend.XeroError:          {simxero.StatusFault(500), true},
		backend.XeroUnavailable:    {simxero.StatusFault(503), true},
		backend.NetworkSignIn:      {simxero.CaptivePortal(200), true},
		backend.XeroUnreadable:     {simxero.HalfBody(), true},
		backend.XeroRefusedRequest: {simxero.StatusFault(400), false},
		backend.XeroUnauthorised:   {simxero.StatusFault(401), false},
		backend.XeroForbidden:      {simxero.StatusFault(403), false},
		backend.XeroNotFound:       {simxero.StatusFault(404), false},
	}
	for code, c := range cases {
		t.Run(string(code), func(t *testing.T) {
			d := launch(t, simxero.Demo())
			d.xero.Fail(simxero.Connections, c.fault.Once())
			d.allow(d.click(), jo, vets)
			same(t, "code", d.failed().Code, string(code))
			if c.completes {
				d.advance(time.Minute) // the shortest limit
				d.completesWithoutBrowser(vets)
				return
			}
			d.click()
		})
	}
}

// fullDisk is a register on a full disk.
type fullDisk struct {
	rig.Register
	full atomic.Bool
}

func (r *fullDisk) Reconcile(ctx context.Context, s backend.SignIn, listed backend.List, at time.Time) (backend.Changes, error) {
	if r.full.Load() {
		return backend.Changes{}, backend.Fail(backend.DatabaseFull, "", nil)
	}
	return r.Register.Reconcile(ctx, s, listed, at)
}

func TestFullDiskIsRetriedWithoutTheBrowser(t *testing.T) {
	d := launch(t, simxero.Demo())
	disk := &fullDisk{Register: d.ports.Register}
	d.ports.Register = disk
	disk.full.Store(true)
	d.allow(d.click(), jo, vets)
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.DatabaseFull)})
	if _, err := d.credential(jo); err != nil {
		t.Errorf("the credential was not saved before the register: %v", err)
	}
	d.Connect()
	d.until("the second failure", func(o view.Overview) bool { return o.SignIn.Number == 2 && o.SignIn.Failed != nil })
	disk.full.Store(false)
	d.completesWithoutBrowser(vets)
}

func TestTakenPortsAreNamed(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	other := launch(t, simxero.Demo())
	other.click()
	d.flow.Ports = other.flow.Ports[:1]
	d.launch()
	d.Connect()
	failed := d.failed()
	same(t, "code", failed.Code, string(backend.PortsTaken))
	if !strings.Contains(other.flow.RedirectAddresses()[0], ":"+failed.Detail+"/") {
		t.Errorf("detail of the failure: %q", failed.Detail)
	}
}
