package connect_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// late waits for a number of late ends and returns the last.
func (d *desk) late(number int) view.Late {
	d.t.Helper()
	var l view.Late
	d.wait("a late end", func() bool { l = d.Shown().Late; return l.Number >= number })
	same(d.t, "late ends", l.Number, number)
	return l
}

// lateAdded waits for a number of late ends and returns the names added by the last.
func (d *desk) lateAdded(number int) []string {
	d.t.Helper()
	l := d.late(number)
	if l.Connected == nil {
		d.t.Fatalf("no outcome: %+v", l.Failed)
	}
	return names(l.Connected.Added)
}

// waitingCancelled presses Connect and Cancel, and returns the link.
func (d *desk) waitingCancelled() string {
	d.t.Helper()
	link := d.click()
	d.Cancel()
	same(d.t, "failure", d.failed(), view.Failed{Code: string(backend.CancelledWaiting)})
	return link
}

// The browser used to end in "connection refused", although Xero had connected the client.
func TestAccessAllowedAfterACancelIsASignIn(t *testing.T) {
	d := launch(t, simxero.Demo())
	link := d.waitingCancelled()
	same(t, "the link to copy", d.copiedLink(), "")
	page := d.allow(link, jo, vets)
	pageSays(t, page, vets+" is connected")
	same(t, "added", d.lateAdded(1), []string{vets})
	same(t, "the window still shows the cancelled round", d.Shown().Phase, rounds.Failed)
	d.status(vets, backend.Connected)
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
	if _, err := d.browser.Open(t.Context(), d.nextLink(page)); err != nil {
		t.Fatal(err)
	}
	d.phase(rounds.Waiting)
}

func TestAnAnswerOfACancelledRoundIsTakenOnce(t *testing.T) {
	d := launch(t, simxero.Demo())
	address, err := d.browser.Allow(t.Context(), d.waitingCancelled(), jo, vets)
	for range 3 {
		pageSays(t, d.follow(address, err), vets+" is connected")
	}
	same(t, "added", d.lateAdded(1), []string{vets})
	same(t, "token requests", len(d.xero.Requests(simxero.Exchange)), 1)
}

func TestACancelledLinkWorksInAnotherBrowser(t *testing.T) {
	d := launch(t, simxero.Demo())
	link := d.waitingCancelled()
	d.browser = d.xero.Visitor()
	d.allow(link, jo, vets)
	same(t, "added", d.lateAdded(1), []string{vets})
}

func TestConnectAfterACancelBeginsARoundBesideTheCancelledOne(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two"))
	cancelled := d.waitingCancelled()
	link := d.click()
	if link == cancelled {
		t.Error("the next round has the link of the cancelled round")
	}
	d.allow(cancelled, jo, "One")
	same(t, "added", d.lateAdded(1), []string{"One"})
	now := d.overview().SignIn
	same(t, "the next round", []any{now.Phase, now.Number}, []any{rounds.Waiting, 2})
	d.allow(link, jo, "Two")
	same(t, "added", names(d.phase(rounds.Done).Connected.Added), []string{"Two"})
	same(t, "late ends", d.Shown().Late.Number, 1)
}

func TestAnAddressPastedForACancelledRoundIsTaken(t *testing.T) {
	d := launch(t, simxero.Demo())
	address, err := d.browser.Allow(t.Context(), d.waitingCancelled(), jo, vets)
	if err != nil {
		t.Fatal(err)
	}
	if f := backend.AsFailure(d.Paste(address)); f == nil || f.Code != backend.NothingWaits {
		t.Errorf("paste without a waiting round: %v", f)
	}
	d.click()
	if err := d.Paste(address); err != nil {
		t.Fatal(err)
	}
	same(t, "added", d.lateAdded(1), []string{vets})
}

func TestACancelledRoundExpiresAndClosesThePort(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	d.flow.Limit = 300 * time.Millisecond
	d.launch()
	link := d.click()
	until := d.Shown().Deadline
	d.Cancel()
	d.MoreTime()
	same(t, "failure", d.failed().Code, string(backend.CancelledWaiting))
	d.wait("the end", func() bool { return !d.listening() || d.poll() })
	same(t, "deadline", until != "", true)
	same(t, "the end of a link given up", d.Shown().Late, view.Late{})
	if _, err := d.browser.Allow(t.Context(), link, jo, vets); err != nil {
		t.Fatal(err)
	}
}

// poll wakes the wait again after a moment. The port of an ended attempt closes without a
// signal.
func (d *desk) poll() bool {
	time.AfterFunc(20*time.Millisecond, d.signal)
	return false
}

func TestRefusedAccessAfterACancelIsNoNews(t *testing.T) {
	d := launch(t, simxero.Demo())
	link := d.waitingCancelled()
	page := d.follow(d.browser.Cancel(t.Context(), link, jo))
	pageSays(t, page, "Access was not allowed")
	d.wait("the end", func() bool { return d.logs("round ended") == 1 })
	same(t, "late end", d.Shown().Late, view.Late{})
}

func TestAFailureAfterACancelIsShown(t *testing.T) {
	d := launch(t, simxero.Demo())
	link := d.waitingCancelled()
	d.xero.Fail(simxero.Exchange, simxero.StatusFault(503))
	pageSays(t, d.allow(link, jo, vets), "Xero")
	same(t, "failure", d.late(1).Failed.Code, string(backend.XeroUnavailable))
}

func TestALockedKeychainAfterACancelLosesNothing(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	link := d.waitingCancelled()
	d.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
	d.allow(link, jo, vets)
	same(t, "failure", d.late(1).Failed.Code, string(backend.KeychainLocked))
	same(t, "pending and unsaved", []int{d.Shown().Pending, d.Shown().Unsaved}, []int{1, 1})
	d.UseThisSessionOnly()
	d.completesWithoutBrowser(vets)
	same(t, "pending", d.Shown().Pending, 0)
}

func TestTheSessionChosenAfterACancelKeepsTheLateGrant(t *testing.T) {
	d := launch(t, simxero.Demo())
	link := d.waitingCancelled()
	d.UseThisSessionOnly()
	d.allow(link, jo, vets)
	same(t, "added", d.lateAdded(1), []string{vets})
	if _, err := d.Renewal.Session.Load(t.Context(), d.key(jo)); err != nil {
		t.Error(err)
	}
}

func TestAnotherPersonAfterACancelIsReported(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.endSignIns(jo)
	link := d.clickSignInAgain(jo)
	d.Cancel()
	page := d.allow(link, sam, dunes)
	pageSays(t, page, "Signed in as Sam Adeyemi, not as Jo Whitmore")
	e := d.late(1).Connected.Expected
	same(t, "expected", []any{e.Name, e.Asked, e.Missed}, []any{jo, true, true})
}

// A grant used to be thrown away, and the window said that nothing was changed.
func TestACancelDuringACallToXeroLetsTheCallGoOn(t *testing.T) {
	for _, step := range []simxero.Endpoint{simxero.Exchange, simxero.Connections} {
		t.Run(string(step), func(t *testing.T) {
			d := launch(t, simxero.Demo())
			held := d.xero.Fail(step, simxero.Stalled())
			link := d.click()
			var browser sync.WaitGroup
			browser.Go(func() { pageSays(t, d.allow(link, jo, vets), vets+" is connected") })
			if err := held.Await(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			d.Connect() // a click during the reading opens no used link
			d.noBrowserOpened()
			d.Cancel()
			same(t, "failure", d.failed(), view.Failed{Code: string(backend.CancelledLate)})
			held.Release()
			browser.Wait()
			same(t, "added", d.lateAdded(1), []string{vets})
			d.status(vets, backend.Connected)
		})
	}
}

func TestCancelDuringTheOpeningEndsTheRound(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.xero.Fail(simxero.Discovery, simxero.Stalled())
	var click sync.WaitGroup
	click.Go(d.Connect)
	if err := d.xero.Await(t.Context(), simxero.Discovery, 1); err != nil {
		t.Fatal(err)
	}
	d.Cancel()
	click.Wait() // without an answer of the server
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.Cancelled)})
	d.noBrowserOpened()
}

// slowAuthoriser calls moment after the beginning of an attempt.
type slowAuthoriser struct {
	rig.Authoriser
	moment func()
}

func (s slowAuthoriser) Begin(ctx context.Context, clientID string) (rig.Attempt, error) {
	attempt, err := s.Authoriser.Begin(ctx, clientID)
	s.moment()
	return attempt, err
}

func TestCancelBeforeTheBrowserOpensNoBrowser(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.ports.Authoriser = slowAuthoriser{d.ports.Authoriser, d.Cancel}
	d.Connect()
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.Cancelled)})
	d.noBrowserOpened()
	if d.listening() {
		t.Error("the listener is still open")
	}
}

func TestANinthRoundEndsTheOldestOfEightCancelledOnes(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two", "Three"))
	links := make([]string, 9)
	for i := range links[:8] {
		links[i] = d.waitingCancelled()
	}
	links[8] = d.click()
	same(t, "the oldest link", d.allow(links[0], jo, "One").Status, http.StatusBadRequest)
	same(t, "late end", d.Shown().Late, view.Late{})
	d.allow(links[1], jo, "Two")
	same(t, "added", d.lateAdded(1), []string{"One", "Two"}) // Xero had connected the first
	d.allow(links[8], jo, "Three")
	same(t, "added", names(d.phase(rounds.Done).Connected.Added), []string{"Three"})
}

func TestQuittingEndsACancelledRoundAtOnce(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.waitingCancelled()
	began := time.Now()
	d.quit()
	if took := time.Since(began); took > time.Second || d.listening() {
		t.Errorf("the end took %v; listening: %t", took, d.listening())
	}
}

// The code works once: an exchange cut off at the program's end lost the grant.
func TestAnAnswerBeforeTheEndOfTheProgramIsSaved(t *testing.T) {
	d := launch(t, simxero.Demo())
	held := d.xero.Fail(simxero.Exchange, simxero.Stalled())
	address, err := d.browser.Allow(t.Context(), d.waitingCancelled(), jo, vets)
	if err != nil {
		t.Fatal(err)
	}
	var browser, quit sync.WaitGroup
	browser.Go(func() { _, _ = d.browser.Open(t.Context(), address) })
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	quit.Go(d.quit)
	d.running("connect.(*Connector).halt", 1)
	held.Release()
	quit.Wait()
	browser.Wait()
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
	d = d.restart()
	d.Start(t.Context())
	d.appears(vets)
}

func TestNoAnswerComesBackAfterARemoval(t *testing.T) {
	for _, disconnect := range []bool{false, true} {
		l := beforeRemoval(t)
		link := l.waitingCancelled()
		address, err := l.browser.Allow(t.Context(), link, sam, builders)
		if err != nil {
			t.Fatal(err)
		}
		l.Remove(disconnect, false)
		l.receipt()
		if _, err := l.browser.Open(t.Context(), address); err == nil {
			t.Error("the port is open")
		}
		if keys, err := l.keychain.Keys(t.Context()); err != nil || len(keys) != 0 {
			t.Errorf("the keychain holds %v, %v", keys, err)
		}
	}
}

func TestTheDisconnectingOfARemovalEndsCancelledRounds(t *testing.T) {
	l := beforeRemoval(t)
	l.skipPauses()
	link := l.waitingCancelled()
	l.xero.Fail(simxero.Disconnect, simxero.StatusFault(500))
	l.Remove(true, false)
	l.awaitRemoval(removal.Undecided)
	same(t, "status of the page", l.allow(link, sam, builders).Status, http.StatusBadRequest)
	same(t, "token requests", len(l.xero.Requests(simxero.Exchange)), 3)
}

// The consent is newer than the disconnect.
func TestAccessAllowedAfterADisconnectOfTheSignInIsASignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.checked()
	link := d.waitingCancelled()
	d.disconnectSignIn(jo)
	d.isDeleted(jo)
	d.allow(link, jo, fjord)
	same(t, "added", d.lateAdded(1), []string{fjord})
	if _, err := d.credential(jo); err != nil {
		t.Error(err)
	}
	d.check()
	d.status(fjord, backend.Connected)
}

// Xero has connected the client to the app of the link.
func TestAccessAllowedAfterAChangeOfTheClientIDIsASignInOfTheEarlierOne(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	d.ClientID, d.ClientIDFrom = "", ""
	d.launch()
	if err := d.SaveClientID(t.Context(), simxero.DemoClientID); err != nil {
		t.Fatal(err)
	}
	link := d.waitingCancelled()
	if err := d.SaveClientID(t.Context(), officeID); err != nil {
		t.Fatal(err)
	}
	d.allow(link, jo, vets)
	same(t, "added", d.lateAdded(1), []string{vets})
	if _, err := d.credential(jo); err != nil { // under the earlier client ID
		t.Error(err)
	}
	d.check()
	d.status(vets, backend.Connected)
}

// logs counts the log lines with a message.
func (d *desk) logs(message string) int { return strings.Count(d.logged(), "msg=\""+message+"\"") }

// The sign-in used to be deleted and not disconnected.
func TestASignInAnsweredBeforeARemovalIsDisconnected(t *testing.T) {
	l := beforeRemoval(t)
	held := l.xero.Fail(simxero.Exchange, simxero.Stalled())
	address, err := l.browser.Allow(t.Context(), l.waitingCancelled(), aroha, "Bright Fern Nurseries")
	if err != nil {
		t.Fatal(err)
	}
	var browser sync.WaitGroup
	browser.Go(func() { _, _ = l.browser.Open(t.Context(), address) })
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	l.Remove(true, false)
	l.running("rounds.(*Rounds).Stop", 1)
	held.Release()
	browser.Wait()
	r := l.receipt()
	same(t, "disconnected", []any{r.Disconnected, r.Credentials}, []any{4, 3})
}

// The page's offer used to begin a round while the removal disconnected.
func TestNoSignInBeginsDuringARemoval(t *testing.T) {
	l := beforeRemoval(t)
	l.skipPauses()
	page := l.allow(l.click(), sam, builders)
	next := l.nextLink(page)
	l.phase(rounds.Done)
	l.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
	l.Remove(true, false)
	l.awaitRemoval(removal.Undecided)
	answer, err := l.browser.Open(t.Context(), next)
	if err != nil {
		t.Fatal(err)
	}
	pageSays(t, answer, "Bookring is removing everything")
	l.Connect()
	same(t, "failure", l.failed(), view.Failed{Code: string(backend.RemovalUnderWay)})
	l.noBrowserOpened()
	l.CancelRemoval()
	l.awaitRemoval(removal.Idle)
	l.click()
	l.phase(rounds.Waiting)
}
