package oauth_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"

	"go.uber.org/goleak"
)

func TestAFailureIsShownInTheBrowserAndOffersTheNextRound(t *testing.T) {
	for name, answered := range map[string]struct {
		query string
		code  backend.Code
	}{
		"refused on Xero's page":    {"error=access_denied&error_description=TenantConsent%20status%20DENIED", backend.Refused},
		"an error of the request":   {"error=invalid_scope", backend.RequestRefused},
		"PKCE is not supported":     {"error=invalid_request&error_description=code+challenge+not+supported", backend.RequestRefused},
		"a code that Xero made not": {"code=" + strings.Repeat("x", 43), backend.CodeRefused},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			a := s.begin()
			ended := s.follow(a)
			port := portOf(t, a)
			there := s.get(port, "/callback?state="+param(t, a.Link(), "state")+"&"+answered.query)
			page := s.get(port, there.header.Get("Location"))
			fails(t, (<-ended).err, answered.code, "")
			words := (&backend.Failure{Code: answered.code}).Words()
			if text := page.text(); !strings.Contains(text, words.Title) || !strings.Contains(text, string(answered.code)) {
				t.Errorf("the page says %q", text)
			}
			for _, want := range []string{"Try again", "The button works until ", "Or go back to Bookring"} {
				if !strings.Contains(page.text(), want) {
					t.Errorf("%q is not on the page: %s", want, page.text())
				}
			}
			if strings.HasPrefix(answered.query, "error") && len(s.xero.Requests(simxero.Token)) != 0 {
				t.Error("a token was asked for")
			}
			if page.link() == "" {
				t.Fatal("no link")
			}
			next := s.get(port, page.link())
			link := next.header.Get("Location")
			if next.status != http.StatusSeeOther || param(t, link, "code_challenge_method") != "S256" {
				t.Fatalf("the next round: %d", next.status)
			}
			if text := s.get(port, s.open(s.allowAt(link)).header.Get("Location")).text(); !strings.Contains(text, vets+" is connected") {
				t.Errorf("the next round ended on %q", text)
			}
			if s.begun.Load() != 1 {
				t.Errorf("%d rounds were begun", s.begun.Load())
			}
		})
	}
}

func TestThePortClosesAfterTheOfferOfAFailure(t *testing.T) {
	s := alone(t)
	a := s.begin()
	ended := s.follow(a)
	port := portOf(t, a)
	page := s.get(port, s.get(port, "/callback?error=access_denied&state="+param(t, a.Link(), "state")).header.Get("Location"))
	fails(t, (<-ended).err, backend.Refused, "")
	if page.link() == "" {
		t.Error("no link")
	}
	if again := s.get(port, page.link()); again.status != http.StatusSeeOther {
		t.Errorf("the next round: %d", again.status)
	}
	oauth.Expire(a)
	oauth.Expire(s.next.Load())
	refusedWithin(t, port, 10*time.Second)
}

func TestCancelTimeOutAndCloseEndAnAttemptAndCloseThePort(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(s *scene, a *oauth.Attempt)
		code backend.Code
	}{
		"cancel": {func(_ *scene, a *oauth.Attempt) { a.Cancel(); a.Cancel(); a.Extend() }, backend.Cancelled},
		"close":  {func(s *scene, _ *oauth.Attempt) { s.flow.Close() }, backend.Cancelled},
		"time":   {func(*scene, *oauth.Attempt) {}, backend.SignInTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			s := alone(t)
			if name == "time" {
				s.flow.Limit = 50 * time.Millisecond
			}
			a := s.begin()
			ended := s.follow(a)
			c.do(s, a)
			fails(t, (<-ended).err, c.code, "")
			refusedWithin(t, portOf(t, a), time.Second)
			if err := a.Paste(oauth.RedirectURI(portOf(t, a)) + "?code=x&state=" + param(t, a.Link(), "state")); err == nil {
				t.Error("the way back still works")
			}
		})
	}
}

func TestAClosedFlowBeginsNothing(t *testing.T) {
	s := alone(t)
	s.flow.Close()
	_, err := s.flow.Begin(t.Context(), simxero.DemoClientID)
	fails(t, err, backend.Cancelled, "")
}

func TestCloseDoesNotWaitForAWaitingBrowser(t *testing.T) {
	s := alone(t)
	a := s.begin()
	port := portOf(t, a)
	there := s.get(port, "/callback?error=x&state="+param(t, a.Link(), "state")) // the answer is not read
	waiting, err := connect(port)
	if err != nil {
		t.Fatal(err)
	}
	defer waiting.Close() //nolint:errcheck // the listener closed the connection
	if _, err := fmt.Fprint(waiting, request(port, there.header.Get("Location"))); err != nil {
		t.Fatal(err)
	}
	s.get(port, "/") // by now the earlier request was read
	begun := time.Now()
	s.flow.Close()
	if took := time.Since(begun); took > time.Second {
		t.Errorf("Close took %v", took)
	}
}

func TestACancelledContextCancelsTheAttempt(t *testing.T) {
	s := alone(t)
	a := s.begin()
	err := a.Wait(cancelled(t))
	fails(t, err, backend.Cancelled, "")
	refusedWithin(t, portOf(t, a), time.Second)
}

func TestExtendMovesTheDeadlineToTheFullTimeLimit(t *testing.T) {
	s := alone(t)
	s.flow.Limit = 400 * time.Millisecond
	a := s.begin()
	ended := s.follow(a)
	first := a.Deadline()
	for i := range 3 {
		select {
		case e := <-ended:
			t.Fatalf("ended after %d extensions: %v", i, e.err)
		case <-time.After(s.flow.Limit / 2):
		}
		a.Extend()
		if left := time.Until(a.Deadline()); left < s.flow.Limit*3/4 || left > s.flow.Limit {
			t.Errorf("%v left", left)
		}
	}
	fails(t, (<-ended).err, backend.SignInTimeout, "")
	if time.Since(first) < s.flow.Limit {
		t.Error("the extensions did not move the end")
	}
}

func TestTwoSignInsFinishInEitherOrder(t *testing.T) {
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		s := start(t)
		attempts := []*oauth.Attempt{s.begin(), s.begin()}
		ends := []<-chan end{s.follow(attempts[0]), s.follow(attempts[1])}
		callbacks := []string{s.allow(attempts[0]), s.allow(attempts[1])}
		for _, i := range order {
			s.open(callbacks[i])
			if e := <-ends[i]; e.err != nil {
				t.Errorf("order %v: %v", order, e.err)
			}
		}
	}
}

func TestTheNinthSignInIsRefusedUntilOneOfTheEightEnds(t *testing.T) {
	s := alone(t)
	var eight []*oauth.Attempt
	for range 8 {
		eight = append(eight, s.begin())
	}
	_, err := s.flow.Begin(t.Context(), simxero.DemoClientID)
	fails(t, err, backend.TooManySignIns, "")
	if portOf(t, eight[0]) != portOf(t, eight[7]) {
		t.Error("one listener should serve them all")
	}
	eight[3].Cancel()
	s.begin()
}

func TestTheFirstValidAnswerWins(t *testing.T) {
	s := start(t)
	a := s.begin()
	ended := s.follow(a)
	callback := s.allow(a)
	var wait sync.WaitGroup
	answers := make(chan answer, 64)
	for range 64 {
		wait.Go(func() { answers <- s.open(callback) })
	}
	wait.Wait()
	close(answers)
	count, targets := map[int]int{}, map[string]bool{}
	for a := range answers {
		count[a.status]++
		targets[a.header.Get("Location")] = true
	}
	if len(targets) != 1 {
		t.Errorf("sent to %d pages", len(targets))
	}
	if count[http.StatusSeeOther] != 64 {
		t.Errorf("answered %v", count)
	}
	if e := <-ended; e.err != nil {
		t.Error(e.err)
	}
	if n := len(s.xero.Requests(simxero.Token)); n != 1 {
		t.Errorf("%d token requests", n)
	}
	if err := a.Paste(callback); err == nil {
		t.Error("the address can be pasted after it was used")
	}
}

func TestAnImmediateAnswerIsAcceptedAndNoGoroutineRemains(t *testing.T) {
	before := goleak.IgnoreCurrent()
	s := alone(t)
	for i := range hostile(t) / 5 {
		a := s.begin()
		callback := oauth.RedirectURI(portOf(t, a)) + "?" + url.Values{"error": {"access_denied"}, "state": {param(t, a.Link(), "state")}}.Encode()
		if got := s.open(callback); got.status != http.StatusSeeOther {
			t.Fatalf("attempt %d: %d", i, got.status)
		}
		ended := s.follow(a) // Wait is called late
		fails(t, (<-ended).err, backend.Refused, "")
		if i%4 == 0 {
			s.begin().Cancel()
		}
		if i%100 == 0 {
			s.flow.Close()
			s.flow = s.another()
		}
	}
	s.flow.Close()
	s.running.Wait()
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}

// TestConcurrentCallsOfAllMethods gives the race detector every button of the window
// and every page of the browser at the same time.
func TestConcurrentCallsOfAllMethods(t *testing.T) {
	s := alone(t)
	s.flow.Limit = 5 * time.Millisecond
	for range 50 {
		a := s.begin()
		port, state := portOf(t, a), param(t, a.Link(), "state")
		var all sync.WaitGroup
		for _, do := range []func(){
			a.Cancel, a.Extend, func() { a.Deadline() },
			func() { _ = a.Paste(oauth.RedirectURI(port) + "?error=x&state=" + state) },
			func() { _, _ = grantOf(s.life, a); a.Show(shown(backend.Grant{}, nil), s.again) },
			func() { a.Show(shown(backend.Grant{}, context.Canceled), nil) },
			func() { _, _ = ask(port, request(port, "/callback?error=x&state="+state)) }, // the port may be closed
		} {
			all.Go(do)
		}
		all.Wait()
	}
}

// The window counts down to the deadline.
func TestAnAttemptEndsAtItsDeadlineAndNotLater(t *testing.T) {
	s := alone(t)
	s.flow.Limit = 200 * time.Millisecond
	a, err := s.flow.Begin(t.Context(), simxero.DemoClientID)
	if err != nil {
		t.Fatal(err)
	}
	err = a.Wait(t.Context())
	late := time.Since(a.Deadline())
	if backend.CodeOf(err) != backend.SignInTimeout || late < 0 || late > 3*time.Second {
		t.Errorf("ended %v after the deadline: %v", late, err)
	}
}
