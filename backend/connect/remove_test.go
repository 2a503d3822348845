package connect_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// leaving is a desk whose user wants to remove everything: two of Jo's
// organisations and one of Sam's are connected.
type leaving struct {
	*desk
	erased atomic.Bool
	left   []backend.Leftover // what Erase cannot remove
}

func wantsToLeave(t *testing.T) *leaving {
	t.Helper()
	l := &leaving{desk: sitDown(t, simxero.Demo())}
	l.Removal.Files = func() backend.FileCounts { return backend.FileCounts{Backups: 3, Damaged: 1, Logs: 2, Shared: true} }
	l.Removal.Erase = func() []backend.Leftover { l.erased.Store(true); return l.left }
	l.connect(jo, "Calder Street Vets")
	l.connect(jo, "Fjord Analytics Ltd")
	l.connect(sam, "Dunes Surf School")
	l.checked()
	return l
}

func (l *leaving) plan() view.RemovalPlan {
	l.t.Helper()
	p, err := l.PlanRemoval(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// removal waits for a phase of the removal.
func (l *leaving) removal(phase string) view.Removal {
	l.t.Helper()
	return l.until(phase, func(o view.Overview) bool { return o.Removal.Phase == phase }).Removal
}

func (l *leaving) receipt() view.Receipt {
	l.t.Helper()
	return *l.removal(removal.Done).Receipt
}

// atXero counts what Xero counts.
func (l *leaving) atXero() int {
	disconnected := 0
	for _, e := range l.xero.Events() {
		if e.Kind == simxero.Disconnected {
			disconnected++
		}
	}
	return 3 - disconnected
}

// keeps returns how many keys the keychain holds.
func (l *leaving) keeps() int {
	l.t.Helper()
	l.keychainFails("nothing", nil)
	keys, err := l.keychain.Keys(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	return len(keys)
}

// untouched fails if anything was removed.
func (l *leaving) untouched() {
	l.t.Helper()
	same(l.t, "erased", l.erased.Load(), false)
	same(l.t, "keys", l.keeps(), 2)
}

func TestThePlanCountsWhatThereIs(t *testing.T) {
	l := wantsToLeave(t)
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
	l.assemble()
	same(t, "the demo's", l.plan(), view.RemovalPlan{Nothing: true})
}

func TestRemovingTellsXeroThenEmptiesTheKeychainThenErases(t *testing.T) {
	l := wantsToLeave(t)
	l.Removal.Erase = func() []backend.Leftover {
		same(t, "at Xero when the files go", l.atXero(), 0)
		same(t, "keys when the files go", l.keeps(), 0)
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

func TestXeroIsLeftAsItIsIfThePersonSaysSo(t *testing.T) {
	l := wantsToLeave(t)
	l.Remove(false, false)
	r := l.receipt()
	same(t, "asked and told", []any{r.DisconnectAsked, r.Disconnected, len(r.StillConnected)}, []any{false, 0, 0})
	same(t, "at Xero", l.atXero(), 3)
	same(t, "keys", l.keeps(), 0)
}

func TestCancellingWhileXeroIsToldRemovesNothing(t *testing.T) {
	l := wantsToLeave(t)
	l.SetGrace(50 * time.Millisecond)
	held := l.xero.Fail(simxero.Disconnect, simxero.Stalled().Once())
	l.Remove(true, false)
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	same(t, "to tell", l.overview().Removal.Total, 3)
	l.CancelRemoval()
	l.removal(removal.Idle)
	l.checked()
	l.untouched()

	l.Remove(true, false) // and again, to the end
	same(t, "told", l.receipt().Disconnected, 3)
}

func TestWhatWasToldBeforeCancellingIsInTheListAfterwards(t *testing.T) {
	l := wantsToLeave(t)
	var asked atomic.Int32
	l.line.meet.Store(new(func() error {
		if l.atXero() == 2 && asked.Add(1) == 2 { // 1 is the answer, 2 the next request
			l.CancelRemoval()
		}
		return nil
	}))
	l.Remove(true, false)
	l.removal(removal.Idle)
	l.check()
	l.status("Dunes Surf School", backend.Disconnected)
	l.status("Calder Street Vets", backend.Connected)
	l.status("Fjord Analytics Ltd", backend.Connected)
	same(t, "at Xero", l.atXero(), 2)
	l.untouched()
}

func TestWhatIsJustBeingToldWhenThePersonCancelsIsToldToTheEnd(t *testing.T) {
	l := wantsToLeave(t)
	l.connect(sam, "Abernathy & Sons Builders") // so that more would follow
	held := l.xero.Fail(simxero.Disconnect, simxero.Fault{Late: 300 * time.Millisecond}.Once())
	l.Remove(true, false)
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	l.CancelRemoval()
	l.removal(removal.Idle)
	l.checked()
	same(t, "list", l.counts(), "connected 3, disconnected 1")
	same(t, "told", l.deletes(), 1)
	l.untouched()
}

func TestOfflineNothingGoesUnlessThePersonDoesNotMindAndThenXerosShareIsListed(t *testing.T) {
	l := wantsToLeave(t)
	l.pass(backend.Lifetime / 2) // the access tokens have ended
	l.line.cut.Store(new(""))
	l.Remove(true, false)
	untold := []view.StillConnected{
		{Person: sam, Organisations: []string{"Dunes Surf School"}, Code: string(backend.Offline)},
		{Person: jo, Organisations: []string{"Calder Street Vets", "Fjord Analytics Ltd"}, Code: string(backend.Offline)},
	}
	same(t, "untold", l.removal(removal.Undecided).StillConnected, untold)
	l.untouched()

	l.Remove(false, false)
	r := l.receipt()
	same(t, "asked", r.DisconnectAsked, true)
	same(t, "untold", r.StillConnected, untold)
	same(t, "keys", []int{r.Credentials, l.keeps()}, []int{2, 0})
}

func TestWhoDecidesAgainstRemovingWhatXeroWasNotToldOfKeepsAll(t *testing.T) {
	l := wantsToLeave(t)
	l.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
	l.Remove(true, false)
	l.removal(removal.Undecided)
	l.CancelRemoval()
	l.removal(removal.Idle)
	l.checked()
	same(t, "list", l.counts(), "connected 1, disconnected 2")
	l.untouched()

	l.Remove(false, false)
	r := l.receipt()
	same(t, "asked and untold", []any{r.DisconnectAsked, len(r.StillConnected)}, []any{false, 0})
}

func TestASignInThatHasEndedIsListedAndDoesNotStopTheOthers(t *testing.T) {
	l := wantsToLeave(t)
	if err := l.ports.Register.EndSignIn(t.Context(), l.key(sam), backend.RefusedByXero, l.Now()); err != nil {
		t.Fatal(err)
	}
	l.Remove(true, false)
	r := l.receipt()
	same(t, "told", r.Disconnected, 2)
	same(t, "untold", r.StillConnected, []view.StillConnected{
		{Person: sam, Organisations: []string{"Dunes Surf School"}, Code: string(backend.SignInEnded)},
	})
}

func TestALimitThatIsSoonOverIsWaitedFor(t *testing.T) {
	l := wantsToLeave(t)
	var waited atomic.Int64
	l.Pause = func(ctx context.Context, d time.Duration) error { waited.Store(int64(d)); return ctx.Err() }
	l.xero.Fail(simxero.Disconnect, simxero.RateLimited("minute", "7").Once())
	l.Remove(true, false)
	same(t, "told", l.receipt().Disconnected, 3)
	if d := time.Duration(waited.Load()); d <= 0 || d > time.Minute {
		t.Errorf("waited %v", d)
	}
}

func TestOneThatXeroDoesNotDisconnectIsListedAloneAndToldTheNextTime(t *testing.T) {
	l := wantsToLeave(t)
	l.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
	l.Remove(true, false)
	same(t, "untold", l.removal(removal.Undecided).StillConnected, []view.StillConnected{
		{Person: sam, Organisations: []string{"Dunes Surf School"}, Code: string(backend.XeroError)},
	})
	l.Remove(true, false)
	r := l.receipt()
	same(t, "told and untold", []int{r.Disconnected, len(r.StillConnected)}, []int{3, 0})
}

func TestAKeychainThatDoesNotAnswerStopsItBeforeAnythingIsGone(t *testing.T) {
	l := wantsToLeave(t)
	l.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	l.Remove(true, false)
	same(t, "stuck", l.removal(removal.Stopped).Undeleted, []view.UndeletedCredential{{Code: string(backend.KeychainLocked)}})
	l.untouched()
	same(t, "at Xero", l.atXero(), 3)

	l.Remove(true, false) // it is mended
	r := l.receipt()
	same(t, "told and keys", []int{r.Disconnected, r.Credentials}, []int{3, 2})
}

func TestAKeychainThatKeepsAKeyIsAskedAgainOrLeftByWord(t *testing.T) {
	for _, anyway := range []bool{false, true} {
		l := wantsToLeave(t)
		l.trouble.Store(new(func(method string) error {
			if method == "Delete" {
				return backend.Fail(backend.KeychainLocked, "", nil)
			}
			return nil
		}))
		locked := []view.UndeletedCredential{{Person: sam, Code: string(backend.KeychainLocked)}, {Person: jo, Code: string(backend.KeychainLocked)}}
		l.Remove(true, false)
		same(t, "stuck", l.removal(removal.Stopped).Undeleted, locked)
		same(t, "erased", l.erased.Load(), false)
		if !anyway {
			l.keychainFails("nothing", nil)
			locked = []view.UndeletedCredential{}
		}
		l.Remove(true, anyway)
		r := l.receipt()
		same(t, "stuck", r.Undeleted, locked)
		same(t, "told", r.Disconnected, 3) // the first time
		same(t, "keys", 2-l.keeps(), r.Credentials)
	}
}

func TestAfterARemovalThatWasCutShortTheNextStartIsSane(t *testing.T) {
	l := wantsToLeave(t)
	var deleted atomic.Int32
	l.trouble.Store(new(func(method string) error {
		if method == "Delete" && deleted.Add(1) > 1 {
			return backend.Fail(backend.KeychainStuck, "", nil)
		}
		return nil
	}))
	l.Remove(false, false)
	l.removal(removal.Stopped)
	l.keychainFails("nothing", nil)
	d := l.restart()
	d.Start(t.Context())
	d.status("Dunes Surf School", backend.SignInAgain)
	d.status("Calder Street Vets", backend.Connected)
}

func TestAKeyThatOnlyTheKeychainKnowsGoesToo(t *testing.T) {
	l := wantsToLeave(t)
	stray := backend.Credential{
		SignInKey: backend.SignInKey{Issuer: "https://identity.xero.com", ClientID: "another", UserID: "u"}, Refresh: backend.NewSecret("r"),
	}
	if err := l.keychain.Save(t.Context(), stray); err != nil {
		t.Fatal(err)
	}
	same(t, "keys", l.plan().Credentials, 3)
	l.Remove(false, false)
	same(t, "keys", l.receipt().Credentials, 3)
	same(t, "kept", l.keeps(), 0)
}

func TestOneTestServersKeysDoNotTakeAnothersAlong(t *testing.T) {
	l := wantsToLeave(t)
	l.TestServer = l.flow.Discovery
	l.assemble()
	other := backend.Credential{
		SignInKey: backend.SignInKey{Issuer: "http://localhost:1", ClientID: "another", UserID: "u"}, Refresh: backend.NewSecret("r"),
	}
	if err := l.keychain.Save(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	same(t, "keys", l.plan().Credentials, 2)
	l.Remove(true, false)
	r := l.receipt()
	same(t, "told and keys", []int{r.Disconnected, r.Credentials}, []int{3, 2})
	same(t, "kept", l.keeps(), 1)
}

func TestNothingBeginsOnceEverythingIsRemoved(t *testing.T) {
	l := wantsToLeave(t)
	link := l.click()
	l.left = []backend.Leftover{{Path: "/x/demo", InUse: true}}
	l.Remove(true, false)
	r := l.receipt()
	same(t, "left", r.Leftovers, []view.Leftover{{Path: "/x/demo", InUse: true}})
	l.Connect()
	l.CheckNow()
	l.Remove(true, true)
	same(t, "browser tabs", len(l.opened), 0)
	same(t, "check", l.overview().Check.Running, false)
	_, _ = l.browser.Allow(t.Context(), link, jo, "Dunes Surf School") // there is no way back
	same(t, "kept", l.keeps(), 0)
}

func TestTheReceiptHoldsNoSecret(t *testing.T) {
	l := wantsToLeave(t)
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

func TestClosingInTheMiddleLeavesTheRest(t *testing.T) {
	l := wantsToLeave(t)
	held := l.xero.Fail(simxero.Disconnect, simxero.Stalled())
	l.Remove(true, false)
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	l.leave()
	l.untouched()
}

// hungVault hangs in Keys until its context ends, as a keychain that asks the person.
type hungVault struct {
	rig.Keychain
	hang  atomic.Bool
	asked chan struct{}
}

func (v *hungVault) Keys(ctx context.Context) ([]backend.SignInKey, error) {
	if v.hang.Load() {
		v.asked <- struct{}{}
		<-ctx.Done()
		return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
	}
	return v.Keychain.Keys(ctx)
}

func TestARemovalThatIsCancelledWhileTheKeychainAsksIsCancelled(t *testing.T) {
	l := wantsToLeave(t)
	v := &hungVault{Keychain: l.ports.Keychain, asked: make(chan struct{}, 1)}
	l.ports.Keychain = v
	v.hang.Store(true)
	l.Remove(true, false)
	<-v.asked
	same(t, "phase", l.overview().Removal.Phase, removal.Disconnecting)
	l.CancelRemoval()
	o := l.until("its end", func(o view.Overview) bool { return o.Removal.Phase != removal.Disconnecting })
	same(t, "phase", o.Removal.Phase, removal.Idle)
}

func TestKeepTheRestLosesNoKeyThatIsStillToBeSaved(t *testing.T) {
	d := unsaved(t)
	d.Removal.Files = func() backend.FileCounts { return backend.FileCounts{} }
	erased := false
	d.Removal.Erase = func() []backend.Leftover { erased = true; return nil }
	d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	same(t, "may close", d.MayClose(func() {}), false)
	d.KeepOpen()
	d.Remove(false, false)
	d.until("stopped", func(o view.Overview) bool { return o.Removal.Phase == removal.Stopped })
	same(t, "unsaved still", d.overview().Unsaved, true)
	same(t, "erased", erased, false)
	d.SetGrace(50 * time.Millisecond)
	same(t, "whole", d.KeepRest(), true)
	same(t, "removal", d.overview().Removal.Phase, removal.Idle)
	d.keychainFails("", nil)
	d.tickUntilSaved()
	held, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "never presented", held.PresentedAt.IsZero(), true)
}
