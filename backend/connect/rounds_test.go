package connect_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

func TestSecondClickBringsTheWaitingRoundForward(t *testing.T) {
	d := launch(t, simxero.Demo())
	link := d.click()
	same(t, "the second click's link", d.click(), link)
	same(t, "the link to copy", d.copiedLink(), link)
	_ = d.OpenAgain()
	same(t, "the link opened again", <-d.opened, link)
	same(t, "number", d.overview().SignIn.Number, 1)
	d.allow(link, jo, vets)
	d.phase(rounds.Done)
}

func TestClicksDuringTheOpeningOpenNoSecondTab(t *testing.T) {
	d := launch(t, simxero.Demo())
	held := d.xero.Fail(simxero.Discovery, simxero.Stalled())
	var first sync.WaitGroup
	first.Go(d.Connect)
	d.phase(rounds.Opening)
	for range 5 {
		d.Connect()
	}
	_ = d.OpenAgain()
	same(t, "link during the opening", d.copiedLink(), "")
	held.Release()
	first.Wait()
	same(t, "browser tabs", len(d.opened), 1)
	same(t, "number", d.overview().SignIn.Number, 1)
}

func TestConcurrentClicksBeginOneRound(t *testing.T) {
	d := launch(t, simxero.Demo())
	var clicks sync.WaitGroup
	for range 12 {
		clicks.Go(d.Connect)
	}
	clicks.Wait()
	links := map[string]bool{}
	for len(d.opened) > 0 {
		links[<-d.opened] = true
	}
	same(t, "links", len(links), 1)
	same(t, "number", d.overview().SignIn.Number, 1)
}

func TestRefusedConsentIsReportedInWindowAndBrowser(t *testing.T) {
	d := launch(t, simxero.Demo())
	page := d.follow(d.browser.Cancel(t.Context(), d.click(), jo))
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.Refused)})
	pageSays(t, page, "Access was not allowed")
}

func TestErrorPageOfXeroLeavesTheRoundWaiting(t *testing.T) {
	d := launch(t, simxero.Demo())
	link := d.click()
	if _, err := d.browser.Allow(t.Context(), link+"&scope=nonsense", jo); !errors.Is(err, simxero.ErrStuck) {
		t.Fatal(err)
	}
	same(t, "phase", d.overview().SignIn.Phase, rounds.Waiting)
	d.allow(link, jo, vets)
	d.phase(rounds.Done)
}

func TestRoundHasATimeLimit(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	d.flow.Limit = time.Millisecond
	d.launch()
	d.Connect()
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.SignInTimeout)})
}

func TestMoreTimeRestoresTheFullTime(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.MoreTime() // no effect without a waiting round
	d.click()
	before := d.overview().SignIn.Deadline
	d.flow.Limit = time.Hour
	d.MoreTime()
	if after := d.overview().SignIn.Deadline; after <= before {
		t.Errorf("deadline %s, before %s", after, before)
	}
}

func TestALateFailureOfTheBrowserIsShownWhileTheRoundWaits(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	var fail func(error)
	d.Rounds.Browse = func(link string, late func(error)) error { fail = late; d.opened <- link; return nil }
	d.launch()
	link := d.click()
	same(t, "at first", d.overview().SignIn.BrowserFailed, false)
	fail(backend.Fail(backend.BrowserNotOpened, "", nil))
	same(t, "after four seconds", d.overview().SignIn.BrowserFailed, true)
	d.allow(link, jo, vets)
	fail(backend.Fail(backend.BrowserNotOpened, "", nil))
	same(t, "after the end", d.phase(rounds.Done).BrowserFailed, false)
}

func TestUnopenedBrowserLeavesALinkToCopy(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	d.Rounds.Browse = func(string, func(error)) error { return backend.Fail(backend.BrowserNotOpened, "", nil) }
	d.launch()
	d.Connect()
	p := d.overview().SignIn
	if p.Phase != rounds.Waiting || !p.BrowserFailed {
		t.Errorf("%+v", p)
	}
	d.allow(d.copiedLink(), jo, vets)
	if p := d.phase(rounds.Done); p.BrowserFailed {
		t.Error("BrowserFailed is set at the end of the round")
	}
}

func TestLastAddressOfTheBrowserCanBePasted(t *testing.T) {
	d := launch(t, simxero.Demo())
	address, err := d.browser.Allow(t.Context(), d.click(), jo, vets)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]backend.Code{" \n": backend.PastedEmpty, "https://example.com/": backend.PastedNotOurs} {
		if got := backend.AsFailure(d.Paste(text)); got == nil || got.Code != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
	same(t, "phase", d.overview().SignIn.Phase, rounds.Waiting)
	if err := d.Paste(address); err != nil {
		t.Fatal(err)
	}
	d.phase(rounds.Done)
	if f := backend.AsFailure(d.Paste(address)); f == nil || f.Code != backend.NothingWaits {
		t.Errorf("paste without a waiting round: %v", f)
	}
}

// copiedLink returns the link for the clipboard, or "".
func (d *desk) copiedLink() string {
	d.t.Helper()
	link, err := d.Link()
	if err != nil && backend.AsFailure(err).Code != backend.NothingWaits {
		d.t.Fatal(err)
	}
	return link
}

// reportingAuthoriser sends to granted after each grant of Xero's.
type reportingAuthoriser struct {
	rig.Authoriser
	granted chan<- struct{}
}

func (a reportingAuthoriser) Begin(ctx context.Context, clientID string) (rig.Attempt, error) {
	attempt, err := a.Authoriser.Begin(ctx, clientID)
	return reportingAttempt{attempt, a.granted}, err
}

type reportingAttempt struct {
	rig.Attempt
	granted chan<- struct{}
}

func (a reportingAttempt) Grant(ctx context.Context) (backend.Grant, error) {
	grant, err := a.Attempt.Grant(ctx)
	a.granted <- struct{}{}
	return grant, err
}

func TestCancelWorksDuringARevocation(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.checked()
	granted := make(chan struct{}, 1)
	d.ports.Authoriser = reportingAuthoriser{d.ports.Authoriser, granted}
	held := d.xero.Fail(simxero.Revocation, simxero.Stalled())
	var disconnecting sync.WaitGroup
	disconnecting.Go(func() { _, _ = d.DisconnectSignIn(context.Background(), d.key(jo).String()) })
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	link := d.click()
	var browser sync.WaitGroup
	browser.Go(func() { d.allow(link, sam, builders) })
	<-granted
	d.Cancel()
	d.phase(rounds.Failed)
	held.Stop()
	browser.Wait()
	disconnecting.Wait()
}
