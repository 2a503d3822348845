package connect_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/keychain"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// removing is a desk before a removal: two organisations of Jo's and an organisation of
// Sam's are connected.
type removing struct {
	*desk
	erased    atomic.Bool
	leftovers []backend.Leftover // returned by Erase
}

func beforeRemoval(t *testing.T) *removing {
	t.Helper()
	l := &removing{desk: launch(t, simxero.Demo())}
	l.Removal.Files = func() backend.FileCounts { return backend.FileCounts{Backups: 3, Damaged: 1, Logs: 2, Shared: true} }
	l.Removal.Erase = func() []backend.Leftover { l.erased.Store(true); return l.leftovers }
	l.connect(jo, vets)
	l.connect(jo, fjord)
	l.connect(sam, dunes)
	l.checked()
	return l
}

func (l *removing) plan() view.RemovalPlan {
	l.t.Helper()
	p, err := l.PlanRemoval(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// awaitRemoval waits for a phase of the removal.
func (l *removing) awaitRemoval(phase string) view.Removal {
	l.t.Helper()
	return l.until(phase, func(o view.Overview) bool { return o.Removal.Phase == phase }).Removal
}

func (l *removing) receipt() view.Receipt {
	l.t.Helper()
	return *l.awaitRemoval(removal.Done).Receipt
}

// connectionsAtXero counts the connections left at Xero.
func (l *removing) connectionsAtXero() int {
	disconnected := 0
	for _, e := range l.xero.Events() {
		if e.Kind == simxero.Disconnected {
			disconnected++
		}
	}
	return 3 - disconnected
}

// credentials counts the credentials in the keychain, and ends the keychain's failures.
func (l *removing) credentials() int {
	l.t.Helper()
	l.keychainWorks()
	keys, err := l.keychain.Keys(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	return len(keys)
}

// nothingDeleted fails after a deletion.
func (l *removing) nothingDeleted() {
	l.t.Helper()
	same(l.t, "erased", l.erased.Load(), false)
	same(l.t, "credentials", l.credentials(), 2)
}

func TestRemovalPlanCountsTheData(t *testing.T) {
	l := beforeRemoval(t)
	same(t, "plan", l.plan(), view.RemovalPlan{
		Credentials: 2, Organisations: 3, Connections: 3, Files: view.FileCounts{Backups: 3, Damaged: 1, Logs: 2, Shared: true},
	})
	if err := l.ports.Register.EndSignIn(t.Context(), l.key(sam), backend.RefusedByXero, l.Now()); err != nil {
		t.Fatal(err)
	}
	l.keychainFails("Keys", backend.Fail(backend.KeychainLocked, "", nil))
	p := l.plan()
	same(t, "connections", []int{p.Connections, p.ThroughEnded}, []int{2, 1})
	same(t, "keychain", p.KeychainFailure, &view.Failed{Code: string(backend.KeychainLocked)})
	l.Demo = true
	l.rebuild()
	same(t, "plan of the demo", l.plan(), view.RemovalPlan{Nothing: true})
}

func TestRemovalDisconnectsThenDeletesCredentialsThenFiles(t *testing.T) {
	l := beforeRemoval(t)
	l.Removal.Erase = func() []backend.Leftover {
		same(t, "connections at the deletion of files", l.connectionsAtXero(), 0)
		same(t, "credentials at the deletion of files", l.credentials(), 0)
		return nil
	}
	l.Remove(true, false)
	r := l.receipt()
	r.At = ""
	same(t, "receipt", r, view.Receipt{
		DisconnectAsked: true, Disconnected: 3, StillConnected: []view.StillConnected{}, Credentials: 2, Undeleted: []view.UndeletedCredential{}, Organisations: 3,
		Files: view.FileCounts{Backups: 3, Damaged: 1, Logs: 2, Shared: true}, Leftovers: []view.Leftover{},
	})
	same(t, "requests", len(l.xero.Requests(simxero.Disconnect)), 3)
}

func TestRemovalWithoutDisconnectLeavesTheConnections(t *testing.T) {
	l := beforeRemoval(t)
	l.Remove(false, false)
	r := l.receipt()
	same(t, "asked, disconnected and still connected", []any{r.DisconnectAsked, r.Disconnected, len(r.StillConnected)}, []any{false, 0, 0})
	same(t, "at Xero", l.connectionsAtXero(), 3)
	same(t, "credentials", l.credentials(), 0)
}

func TestCancelDuringTheDisconnectsDeletesNothing(t *testing.T) {
	l := beforeRemoval(t)
	l.SetGrace(50 * time.Millisecond)
	held := l.xero.Fail(simxero.Disconnect, simxero.Stalled().Once())
	l.Remove(true, false)
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	same(t, "connections to disconnect", l.overview().Removal.Total, 3)
	l.CancelRemoval()
	l.awaitRemoval(removal.Idle)
	l.checked()
	l.nothingDeleted()

	l.Remove(true, false) // a second removal, to the end
	same(t, "disconnected", l.receipt().Disconnected, 3)
}

func TestDisconnectsConfirmedBeforeACancelAreListed(t *testing.T) {
	l := beforeRemoval(t)
	var asked atomic.Int32
	l.network.intercept.Store(new(func() error {
		if l.connectionsAtXero() == 2 && asked.Add(1) == 2 { // 1 is the answer, 2 the next request
			l.CancelRemoval()
		}
		return nil
	}))
	l.Remove(true, false)
	l.awaitRemoval(removal.Idle)
	l.check()
	l.status(dunes, backend.Disconnected)
	l.status(vets, backend.Connected)
	l.status(fjord, backend.Connected)
	same(t, "at Xero", l.connectionsAtXero(), 2)
	l.nothingDeleted()
}

func TestDisconnectUnderWayAtACancelIsCompleted(t *testing.T) {
	l := beforeRemoval(t)
	l.connect(sam, builders) // two disconnects would follow
	held := l.xero.Fail(simxero.Disconnect, simxero.Fault{Late: 300 * time.Millisecond}.Once())
	l.Remove(true, false)
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	l.CancelRemoval()
	l.awaitRemoval(removal.Idle)
	l.checked()
	same(t, "list", l.counts(), "connected 3, disconnected 1")
	same(t, "disconnected", l.disconnectCalls(), 1)
	l.nothingDeleted()
}

func TestOfflineRemovalStopsUntilTheUserAgrees(t *testing.T) {
	l := beforeRemoval(t)
	l.advance(backend.Lifetime / 2) // the access tokens have expired
	l.offline()
	l.Remove(true, false)
	connected := []view.StillConnected{
		{Person: sam, Organisations: []string{dunes}, Code: string(backend.Offline)},
		{Person: jo, Organisations: []string{vets, fjord}, Code: string(backend.Offline)},
	}
	same(t, "still connected", l.awaitRemoval(removal.Undecided).StillConnected, connected)
	l.nothingDeleted()

	l.Remove(false, false)
	r := l.receipt()
	same(t, "asked", r.DisconnectAsked, true)
	same(t, "still connected", r.StillConnected, connected)
	same(t, "credentials", []int{r.Credentials, l.credentials()}, []int{2, 0})
}

func TestCancelOfAnUndecidedRemovalDeletesNothing(t *testing.T) {
	l := beforeRemoval(t)
	l.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
	l.Remove(true, false)
	l.awaitRemoval(removal.Undecided)
	l.CancelRemoval()
	l.awaitRemoval(removal.Idle)
	l.checked()
	same(t, "list", l.counts(), "connected 1, disconnected 2")
	l.nothingDeleted()

	l.Remove(false, false)
	r := l.receipt()
	same(t, "asked and still connected", []any{r.DisconnectAsked, len(r.StillConnected)}, []any{false, 0})
}

func TestEndedSignInIsListedAndStopsNoRemoval(t *testing.T) {
	l := beforeRemoval(t)
	if err := l.ports.Register.EndSignIn(t.Context(), l.key(sam), backend.RefusedByXero, l.Now()); err != nil {
		t.Fatal(err)
	}
	l.Remove(true, false)
	r := l.receipt()
	same(t, "disconnected", r.Disconnected, 2)
	same(t, "still connected", r.StillConnected, []view.StillConnected{
		{Person: sam, Organisations: []string{dunes}, Code: string(backend.SignInEnded)},
	})
}

func TestRemovalWaitsForAShortLimit(t *testing.T) {
	l := beforeRemoval(t)
	var waited atomic.Int64
	l.Pause = func(ctx context.Context, d time.Duration) error {
		waited.Store(int64(d))
		l.ahead.Add(int64(d))
		return ctx.Err()
	}
	l.xero.Fail(simxero.Disconnect, simxero.RateLimited("minute", "7").Once())
	l.Remove(true, false)
	same(t, "disconnected", l.receipt().Disconnected, 3)
	if d := time.Duration(waited.Load()); d <= 0 || d > time.Minute {
		t.Errorf("waited %v", d)
	}
}

func TestFailedDisconnectIsListedAndRetried(t *testing.T) {
	l := beforeRemoval(t)
	l.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
	l.Remove(true, false)
	same(t, "still connected", l.awaitRemoval(removal.Undecided).StillConnected, []view.StillConnected{
		{Person: sam, Organisations: []string{dunes}, Code: string(backend.XeroError)},
	})
	l.Remove(true, false)
	r := l.receipt()
	same(t, "disconnected and still connected", []int{r.Disconnected, len(r.StillConnected)}, []int{3, 0})
}

func TestLockedKeychainStopsTheRemovalBeforeADeletion(t *testing.T) {
	l := beforeRemoval(t)
	l.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	l.Remove(true, false)
	same(t, "undeleted", l.awaitRemoval(removal.Stopped).Undeleted, []view.UndeletedCredential{{Code: string(backend.KeychainLocked)}})
	l.nothingDeleted()
	same(t, "at Xero", l.connectionsAtXero(), 3)

	l.Remove(true, false) // nothingDeleted has ended the failures
	r := l.receipt()
	same(t, "disconnected and credentials", []int{r.Disconnected, r.Credentials}, []int{3, 2})
}

func TestUndeletedCredentialIsRetriedOrLeft(t *testing.T) {
	for _, anyway := range []bool{false, true} {
		l := beforeRemoval(t)
		l.keychainFault.Store(new(func(method string) error {
			if method == "Delete" {
				return backend.Fail(backend.KeychainLocked, "", nil)
			}
			return nil
		}))
		locked := []view.UndeletedCredential{{Person: sam, Code: string(backend.KeychainLocked)}, {Person: jo, Code: string(backend.KeychainLocked)}}
		l.Remove(true, false)
		same(t, "undeleted", l.awaitRemoval(removal.Stopped).Undeleted, locked)
		same(t, "erased", l.erased.Load(), false)
		if !anyway {
			l.keychainWorks()
			locked = []view.UndeletedCredential{}
		}
		l.Remove(true, anyway)
		r := l.receipt()
		same(t, "undeleted", r.Undeleted, locked)
		same(t, "disconnected", r.Disconnected, 3) // at the first try
		same(t, "credentials", 2-l.credentials(), r.Credentials)
	}
}

func TestNextStartWorksAfterAStoppedRemoval(t *testing.T) {
	l := beforeRemoval(t)
	var deleted atomic.Int32
	l.keychainFault.Store(new(func(method string) error {
		if method == "Delete" && deleted.Add(1) > 1 {
			return backend.Fail(backend.KeychainStuck, "", nil)
		}
		return nil
	}))
	l.Remove(false, false)
	l.awaitRemoval(removal.Stopped)
	l.keychainWorks()
	d := l.restart()
	d.Start(t.Context())
	d.status(dunes, backend.SignInAgain)
	d.status(vets, backend.Connected)
}

func TestRemovalDeletesCredentialsMissingInTheRegister(t *testing.T) {
	l := beforeRemoval(t)
	stray := backend.Credential{
		SignInKey: backend.SignInKey{Issuer: "https://identity.xero.com", ClientID: "another", UserID: "u"}, Refresh: backend.NewSecret("r"),
	}
	if err := l.keychain.Save(t.Context(), stray); err != nil {
		t.Fatal(err)
	}
	same(t, "credentials", l.plan().Credentials, 3)
	l.Remove(false, false)
	same(t, "credentials", l.receipt().Credentials, 3)
	same(t, "saved", l.credentials(), 0)
}

func TestRemovalSparesCredentialsOfOtherTestServers(t *testing.T) {
	l := beforeRemoval(t)
	l.TestServer = l.flow.Discovery
	l.rebuild()
	other := backend.Credential{
		SignInKey: backend.SignInKey{Issuer: "http://localhost:1", ClientID: "another", UserID: "u"}, Refresh: backend.NewSecret("r"),
	}
	if err := l.keychain.Save(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	same(t, "credentials", l.plan().Credentials, 2)
	l.Remove(true, false)
	r := l.receipt()
	same(t, "disconnected and credentials", []int{r.Disconnected, r.Credentials}, []int{3, 2})
	same(t, "saved", l.credentials(), 1)
}

func TestNothingStartsAfterARemoval(t *testing.T) {
	l := beforeRemoval(t)
	link := l.click()
	l.leftovers = []backend.Leftover{{Path: "/x/demo", InUse: true}}
	l.Remove(true, false)
	r := l.receipt()
	same(t, "leftovers", r.Leftovers, []view.Leftover{{Path: "/x/demo", InUse: true}})
	l.Connect()
	l.CheckNow()
	l.Remove(true, true)
	same(t, "browser tabs", len(l.opened), 0)
	same(t, "check", l.overview().Check.Running, false)
	_, _ = l.browser.Allow(t.Context(), link, jo, dunes) // the listener is closed
	same(t, "saved", l.credentials(), 0)
}

func TestReceiptHoldsNoSecret(t *testing.T) {
	l := beforeRemoval(t)
	l.Remove(true, false)
	text, err := json.Marshal(l.receipt())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range l.xero.Secrets() {
		if strings.Contains(string(text), secret) || strings.Contains(l.logged(), secret) {
			t.Error("a secret is in the receipt or in the log")
		}
	}
}

func TestCloseDuringARemovalLeavesTheData(t *testing.T) {
	l := beforeRemoval(t)
	held := l.xero.Fail(simxero.Disconnect, simxero.Stalled())
	l.Remove(true, false)
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	l.quit()
	l.nothingDeleted()
}

// promptingKeys waits in Keys until the end of the context, like a keychain prompt.
type promptingKeys struct {
	rig.Keychain
	hang  atomic.Bool
	asked chan struct{}
}

func (v *promptingKeys) Keys(ctx context.Context) ([]backend.SignInKey, error) {
	if v.hang.Load() {
		v.asked <- struct{}{}
		<-ctx.Done()
		return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
	}
	return v.Keychain.Keys(ctx)
}

func TestRemovalCanBeCancelledDuringAKeychainPrompt(t *testing.T) {
	l := beforeRemoval(t)
	v := &promptingKeys{Keychain: l.ports.Keychain, asked: make(chan struct{}, 1)}
	l.ports.Keychain = v
	v.hang.Store(true)
	l.Remove(true, false)
	<-v.asked
	same(t, "phase", l.overview().Removal.Phase, removal.Disconnecting)
	l.CancelRemoval()
	o := l.until("the end of the disconnecting", func(o view.Overview) bool { return o.Removal.Phase != removal.Disconnecting })
	same(t, "phase", o.Removal.Phase, removal.Idle)
}

func TestKeepRestLosesNoUnsavedCredential(t *testing.T) {
	d := withUnsavedCredential(t)
	d.Removal.Files = func() backend.FileCounts { return backend.FileCounts{} }
	erased := false
	d.Removal.Erase = func() []backend.Leftover { erased = true; return nil }
	d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	same(t, "may close", d.MayClose(func() {}), false)
	d.KeepOpen()
	d.Remove(false, false)
	d.until("stopped", func(o view.Overview) bool { return o.Removal.Phase == removal.Stopped })
	same(t, "unsaved at the stop", d.overview().Unsaved, true)
	same(t, "erased", erased, false)
	d.SetGrace(50 * time.Millisecond)
	reopen, err := d.KeepRest()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "reopen", reopen, false)
	same(t, "removal", d.overview().Removal.Phase, removal.Idle)
	d.keychainWorks()
	d.tickUntilSaved()
	held, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "not presented", held.PresentedAt.IsZero(), true)
}

// unlisted is a keychain with an index that does not name a sign-in.
type unlisted struct {
	rig.Keychain
	key backend.SignInKey
}

func (v *unlisted) Keys(ctx context.Context) ([]backend.SignInKey, error) {
	keys, err := v.Keychain.Keys(ctx)
	return slices.DeleteFunc(keys, func(key backend.SignInKey) bool { return key == v.key }), err
}

func TestARemovalAlsoDeletesTheKeysThatNoIndexNames(t *testing.T) {
	l := beforeRemoval(t)
	stray := backend.Credential{
		SignInKey: backend.SignInKey{Issuer: "https://identity.xero.com", ClientID: "another", UserID: "u"}, Refresh: backend.NewSecret("r"),
	}
	tests := &keychain.Memory{}
	for _, vault := range []*keychain.Memory{l.keychain, tests} {
		if err := vault.Save(t.Context(), stray); err != nil {
			t.Fatal(err)
		}
	}
	l.ports.Keychain = &unlisted{l.ports.Keychain, stray.SignInKey}
	l.Config.Removal.TestKeychain = tests
	l.ports.Plug(&l.Config)
	l.rebuild()
	l.Remove(false, false)
	l.receipt()
	for name, vault := range map[string]*keychain.Memory{"keychain": l.keychain, "keychain of test servers": tests} {
		if _, err := vault.Load(t.Context(), stray.SignInKey); !errors.Is(err, backend.ErrNoCredential) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAKeychainThatIsNotEmptiedStopsTheRemoval(t *testing.T) {
	l := beforeRemoval(t)
	l.keychainFails("Empty", backend.Fail(backend.KeychainLocked, "", nil))
	l.Remove(false, false)
	same(t, "undeleted", l.awaitRemoval(removal.Stopped).Undeleted, []view.UndeletedCredential{{Code: string(backend.KeychainLocked)}})
	same(t, "erased", l.erased.Load(), false)
}
