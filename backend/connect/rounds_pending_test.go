package connect_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// failList connects an organisation whose list Xero does not return.
func (d *desk) failList(f simxero.Fault) *simxero.Injected {
	d.t.Helper()
	fault := d.xero.Fail(simxero.Connections, f)
	d.allow(d.click(), jo, vets)
	d.phase(rounds.Failed)
	return fault
}

// unreadClient connects an organisation whose list Xero does not return, also not to the
// further tries.
func (d *desk) unreadClient(f simxero.Fault) *simxero.Injected {
	d.t.Helper()
	fault := d.failList(f)
	same(d.t, "pending and unsaved", []int{d.Shown().Pending, d.Shown().Unsaved}, []int{1, 0})
	same(d.t, "rows", len(d.rows()), 0)
	return fault
}

// The window used to be back at the first screen, although Xero had connected the client.
func TestBookringGoesOnReadingAClientThatXeroHasConnected(t *testing.T) {
	for name, fault := range map[string]simxero.Fault{
		"500": simxero.StatusFault(500), "503": simxero.StatusFault(503), "429": simxero.RateLimited("minute", "1"),
		"a hotel network": simxero.CaptivePortal(200), "half a list": simxero.HalfBody(), "no list": simxero.NotJSON(),
		"400": simxero.StatusFault(400), "401": simxero.StatusFault(401), "403": simxero.StatusFault(403),
		"404": simxero.StatusFault(404), "a lost answer": simxero.Dropped(),
	} {
		t.Run(name, func(t *testing.T) {
			d := simulatedTime(t, simxero.Demo()).launch()
			d.failList(fault.Once()) // in simulated time the next try follows at once
			same(t, "added", d.lateAdded(1), []string{vets})
			d.status(vets, backend.Connected)
			same(t, "pending", d.Shown().Pending, 0)
			d.noBrowserOpened()
		})
	}
}

func TestAClientConnectedWhileTheNetworkWasGoneIsRead(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	path := "/connections"
	d.network.cut.Store(&path)
	d.allow(d.click(), jo, vets)
	same(t, "failure", d.failed().Code, string(backend.Offline))
	d.ticks <- struct{}{}
	d.online()
	d.CheckNow() // tries at once
	same(t, "added", d.lateAdded(1), []string{vets})
}

func TestTheTriesToReadAClientAreSpaced(t *testing.T) {
	d := launch(t, simxero.Demo())
	waits := make(chan time.Duration)
	d.Pause = func(ctx context.Context, pause time.Duration) error {
		select {
		case waits <- pause.Round(time.Second):
			d.ahead.Advance(pause)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	d.unreadClient(simxero.StatusFault(503))
	var got []time.Duration
	for range 8 {
		got = append(got, <-waits)
	}
	same(t, "waits", got, []time.Duration{
		5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second,
		320 * time.Second, 320 * time.Second,
	})
}

func TestAClientIsReadAfterARestart(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.unreadClient(simxero.StatusFault(503))
	d = d.restart().skipPauses()
	d.Start(t.Context())
	d.until("the banner", func(o view.Overview) bool { return o.SignIn.Pending == 1 })
	d = d.restart().skipPauses()
	d.xero.Heal()
	d.Start(t.Context())
	same(t, "added", d.lateAdded(1), []string{vets})
	same(t, "pending", d.Shown().Pending, 0)
	same(t, "notice of a lost list", d.overview().Recovery, nil)
	d = d.restart().skipPauses()
	d.Start(t.Context())
	d.checked()
	d.status(vets, backend.Connected)
	same(t, "late ends", d.Shown().Late, view.Late{})
}

// cutRegister stops writing at a moment, as a killed program does.
type cutRegister struct {
	rig.Register
	killed func() bool
}

var errKilled = errors.New("killed")

func (r cutRegister) Reconcile(ctx context.Context, s backend.SignIn, list backend.List, at time.Time) (backend.Changes, error) {
	if r.killed() {
		return backend.Changes{}, errKilled
	}
	return r.Register.Reconcile(ctx, s, list, at)
}

func (r cutRegister) SaveSetting(ctx context.Context, name, value string) error {
	if r.killed() {
		return errKilled
	}
	return r.Register.SaveSetting(ctx, name, value)
}

func TestAClientIsReadAfterAKillBetweenKeychainAndRegister(t *testing.T) {
	for name, before := range map[string]func(d *desk){
		"a new person":     func(*desk) {},
		"a known person":   func(d *desk) { d.connect(jo, fjord) },
		"beside others":    func(d *desk) { d.connect(sam, dunes) },
		"an ended sign-in": func(d *desk) { d.connect(jo, vets); d.endSignIns(jo) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, simxero.Demo()).open()
			saved := false
			d.ports.Register = cutRegister{d.ports.Register, func() bool { return saved }}
			d.launch().skipPauses()
			before(d)
			d.keychainFault.Store(new(func(method string) error {
				saved = saved || method == "Save"
				return nil
			}))
			if name == "an ended sign-in" {
				d.follow(d.browser.Continue(t.Context(), d.click(), jo))
			} else {
				d.allow(d.click(), jo, vets)
			}
			d.phase(rounds.Failed)
			d.keychainWorks()
			d = d.restart().skipPauses()
			d.Start(t.Context())
			d.appears(vets)
			d.checked()
			d.status(vets, backend.Connected)
			same(t, "pending", d.Shown().Pending, 0)
		})
	}
}

func TestACheckThatReadsThePendingClientEndsTheReading(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, fjord)
	d.xero.Fail(simxero.Connections, simxero.StatusFault(503).Once())
	d.allow(d.click(), jo, vets)
	d.failed()
	d.look()
	same(t, "before the check", d.Shown().Pending, 1)
	d.advance(25 * time.Hour)
	d.look()
	same(t, "added", d.lateAdded(1), []string{vets})
	same(t, "pending", d.Shown().Pending, 0)
}

// appears waits for a connected row.
func (d *desk) appears(name string) {
	d.t.Helper()
	d.until(name, func(view.Overview) bool {
		return slices.ContainsFunc(d.rows(), func(r view.Row) bool {
			return r.Name == name && r.Status == string(backend.Connected)
		})
	})
}

func TestTwoPeoplesClientsAreRead(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	fault := d.unreadClient(simxero.StatusFault(404))
	d.allow(d.click(), sam, dunes)
	d.wait("both", func() bool { return d.Shown().Pending == 2 })
	fault.Stop()
	d.CheckNow()
	d.late(2)
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

func TestASignInEndedBeforeItsClientIsReadIsSaid(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	fault := d.unreadClient(simxero.StatusFault(503))
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	fault.Stop()
	d.ahead.Store(int64(40 * time.Minute))
	d.CheckNow()
	same(t, "failure", d.late(1).Failed.Code, string(backend.SignInEnded))
	same(t, "pending", d.Shown().Pending, 0)
}

// A round that had taken the grant used to record a sign-in whose credential was deleted.
func TestAGrantTakenWhileItsSignInIsRevokedLeavesNoSignInWithoutACredential(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.checked()
	d.xero.Fail(simxero.Connections, simxero.StatusFault(503).Once())
	d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	d.failed()
	held := d.xero.Fail(simxero.Revocation, simxero.Stalled())
	var disconnecting sync.WaitGroup
	disconnecting.Go(func() { d.disconnectSignIn(jo) })
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.Connect() // takes the grant, and waits for the end of the revocation
	d.phase(rounds.Reading)
	d.running("semaphore.(*Weighted).Acquire", 1)
	// Xero can answer a revoked sign-in's access token for the rest of its life.
	d.xero.Fail(simxero.Connections, simxero.Fault{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: "[]"})
	held.Release()
	disconnecting.Wait()
	d.phase(rounds.Failed)
	d.isDeleted(jo)
	same(t, "pending", d.Shown().Pending, 0)
	d.hasNoNote()
}

// The note of a new grant used to overwrite the notes of the last run.
func TestASignInBeforeTheReadingOfTheNotesLosesNoNote(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.unreadClient(simxero.StatusFault(503))
	d = d.restart().skipPauses()
	d.xero.Heal()
	d.connect(sam, dunes)
	d.Start(t.Context())
	same(t, "added", d.lateAdded(1), []string{vets})
	same(t, "pending", d.Shown().Pending, 0)
	d.hasNoNote()
}

// hasNoNote waits until the register holds no note of a pending grant.
func (d *desk) hasNoNote() {
	d.t.Helper()
	d.wait("the end of the notes", func() bool {
		text, err := d.ports.Register.Setting(context.Background(), "pending-grants")
		return err == nil && text == "" || d.poll()
	})
}

// The end used to be logged only.
func TestASignInEndedBeforeTheNextStartIsSaid(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.unreadClient(simxero.StatusFault(503))
	d = d.restart().skipPauses()
	d.xero.Heal()
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	d.Start(t.Context())
	same(t, "failure", d.late(1).Failed.Code, string(backend.SignInEnded))
	d.hasNoNote()
}

// heldList is Xero whose next list, already read, arrives late.
type heldList struct {
	rig.Xero
	read, arrive chan struct{}
	held         atomic.Bool
}

func (x *heldList) Connections(ctx context.Context, token backend.Token) (list backend.List, err error) {
	list, err = x.Xero.Connections(ctx, token)
	if x.held.CompareAndSwap(false, true) {
		close(x.read)
		<-x.arrive
	}
	return list, err
}

// The client was then missing until the next check.
func TestAListAskedBeforeTheGrantDoesNotEndTheReadingOfTheClient(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, fjord)
	d.checked()
	held := &heldList{Xero: d.ports.Xero, read: make(chan struct{}), arrive: make(chan struct{})}
	d.ports.Xero = held
	d.CheckNow()
	<-held.read
	d.xero.Fail(simxero.Connections, simxero.StatusFault(503).Once())
	d.allow(d.click(), jo, vets)
	d.phase(rounds.Failed)
	close(held.arrive)
	d.checked()
	same(t, "late end", d.Shown().Late, view.Late{})
	same(t, "pending", d.Shown().Pending, 1)
	d.CheckNow()
	same(t, "added", d.lateAdded(1), []string{vets})
}
