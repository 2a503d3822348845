package oauth_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

func TestASignInEndsOnAPageWithTheConnectedOrganisations(t *testing.T) {
	s := start(t)
	a := s.begin()
	ended := s.follow(a)
	callback := s.allow(a)
	there := s.open(callback)
	path := there.header.Get("Location")
	if there.status != http.StatusSeeOther || !strings.HasPrefix(path, "/done/") || strings.ContainsAny(path, "?#") {
		t.Fatalf("%d to %q", there.status, path)
	}
	page := s.get(portOf(t, a), path)
	e := <-ended
	if e.err != nil {
		t.Fatal(e.err)
	}
	for _, want := range []string{vets + " is connected", "25 organisations are connected now.", "Connect another organisation"} {
		if !strings.Contains(page.text(), want) {
			t.Errorf("%q is not on the page: %s", want, page.text())
		}
	}
	if code := param(t, callback, "code"); strings.Contains(path+page.body, code) || strings.Contains(page.body, param(t, a.Link(), "state")) {
		t.Error("the code or the state is on the page")
	}
	s.keepsSecrets(page.body)

	who := e.grant.SignIn
	want := s.xero.World().Person(jo)
	if who.Name != jo || who.UserID != want.ID || who.Email != want.Email || who.Issuer != s.xero.Issuer() || who.ClientID != simxero.DemoClientID {
		t.Errorf("signed in as %+v", who)
	}
	if token := e.grant.Token; token.Access.IsZero() || token.Refresh.IsZero() || !slices.Equal(token.Scopes, oauth.Scopes) ||
		time.Until(token.Expires).Round(time.Minute) != 30*time.Minute {
		t.Errorf("token %+v", token)
	}
	if again := s.get(portOf(t, a), path); again.body != page.body {
		t.Error("loading the page again shows something else")
	}
}

func TestThePagesLinkBeginsTheNextRoundOnce(t *testing.T) {
	s := start(t)
	a := s.begin()
	ended := s.follow(a)
	port := portOf(t, a)
	page := s.get(port, s.open(s.allow(a)).header.Get("Location"))
	<-ended
	link := page.link()

	var clicks [8]answer
	var wait sync.WaitGroup
	for i := range clicks {
		wait.Go(func() { clicks[i] = s.get(port, link) })
	}
	wait.Wait()
	next := clicks[0].header.Get("Location")
	for _, click := range clicks {
		if click.status != http.StatusSeeOther || click.header.Get("Location") != next {
			t.Fatalf("a double click: %d to %q, then %q", click.status, next, click.header.Get("Location"))
		}
	}
	if !strings.HasPrefix(next, s.xero.SignInBase()) || next == a.Link() || s.begun.Load() != 1 {
		t.Fatalf("%d rounds begun; sent to %q", s.begun.Load(), next)
	}
	second := s.open(s.allowAt(next))
	if text := s.get(port, second.header.Get("Location")).text(); !strings.Contains(text, "is connected") {
		t.Errorf("the second round ended on %q", text)
	}
	if used := s.get(port, link); used.status != http.StatusGone || used.link() != "" {
		t.Errorf("a used link is answered %d", used.status)
	}
	if s.begun.Load() != 1 {
		t.Error("the used link began a round")
	}
}

func TestALinkWithoutANextRoundShowsTheFailureAndCanBeRepeated(t *testing.T) {
	s := start(t)
	a := s.begin()
	port := portOf(t, a)
	tries := 0
	s.running.Go(func() {
		grant, err := grantOf(s.life, a)
		a.Show(shown(grant, err), func() (string, error) {
			if tries++; tries == 1 {
				return "", backend.Fail(backend.KeychainLocked, "", nil)
			} else if tries == 2 {
				panic(a.Link())
			}
			return s.again()
		})
	})
	link := s.get(port, s.open(s.allow(a)).header.Get("Location")).link()
	locked := s.get(port, link)
	if text := locked.text(); !strings.Contains(text, "The password store is locked") || !strings.Contains(text, "keychain-locked") {
		t.Errorf("the page says %q", text)
	}
	if locked.link() != link || !strings.Contains(locked.text(), "Try again") {
		t.Errorf("the link of the page is %q", locked.link())
	}
	if panicked := s.get(port, link); panicked.status != http.StatusInternalServerError {
		t.Errorf("a panic is answered %d", panicked.status)
	}
	if got := s.get(port, link); got.status != http.StatusSeeOther {
		t.Errorf("after the keychain was unlocked: %d", got.status)
	}
	if log := s.log.String(); !strings.Contains(log, "panicked") || strings.Contains(log, "state=") {
		t.Errorf("the log has %q", log)
	}
}

func TestTheOfferExpiresAndThePortCloses(t *testing.T) {
	s := start(t)
	a := s.begin()
	ended := s.follow(a)
	page := s.get(portOf(t, a), s.open(s.allow(a)).header.Get("Location"))
	<-ended
	if page.link() == "" {
		t.Fatal("no offer")
	}
	expires := a.Deadline()
	if left := time.Until(expires); left < oauth.TimeToSignIn/2 || left > oauth.TimeToSignIn {
		t.Errorf("the offer expires in %v", left)
	}
	a.Extend() // a late click on "more time"
	if !a.Deadline().Equal(expires) {
		t.Error("the offer was extended")
	}
	oauth.Expire(a)
	refusedWithin(t, portOf(t, a), 10*time.Second)
}

func TestAUsedOfferHasAPageWhileAnotherRoundWaits(t *testing.T) {
	s := start(t)
	a := s.begin()
	ended := s.follow(a)
	port := portOf(t, a)
	link := s.get(port, s.open(s.allow(a)).header.Get("Location")).link()
	<-ended
	s.begin()
	oauth.Expire(a)
	for over := time.Now().Add(10 * time.Second); ; {
		if got := s.get(port, link); got.status == http.StatusGone {
			break
		} else if got.status != http.StatusSeeOther || time.Now().After(over) {
			t.Fatalf("the link is answered %d", got.status)
		}
	}
}
