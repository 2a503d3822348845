package oauth

import (
	"context"
	"sync"
	"time"

	"bookring/backend"

	"golang.org/x/oauth2"
)

// Attempt is one sign-in in somebody's browser: prepared by [Flow.Begin],
// answered by the browser's way back or by [Attempt.Paste], brought to its end
// by [Attempt.Wait], and put on the browser's page by [Attempt.Show].
type Attempt struct {
	flow     *Flow
	server   Server
	config   oauth2.Config
	link     string
	state    string
	nonce    string
	verifier string // RFC 7636 section 4.1: 32 random bytes, 43 characters
	page     string // names the attempt's page; cannot be guessed
	keys     *keys
	forget   context.CancelFunc // ends what runs beside the attempt

	answers chan answer     // the one answer
	ended   chan struct{}   // closed when cancelled or out of time
	shown   chan struct{}   // closed when end is set
	gone    <-chan struct{} // closed when forgotten

	mu       sync.Mutex
	answered bool
	deadline time.Time
	timer    *time.Timer // ends the waiting, and later the showing
	over     error       // why it ended without an answer
	end      *page
	once     string // the one-time value of the link on the page
	again    func() (string, error)

	following sync.Mutex
	nextLink  string
}

// newAttempt prepares an attempt and begins to read the server's keys, which
// are needed only after the person is back.
func newAttempt(f *Flow, server Server, clientID, redirectURI string) *Attempt {
	a := &Attempt{
		flow: f, server: server,
		config: oauth2.Config{
			ClientID:    clientID,
			RedirectURL: redirectURI,
			Scopes:      Scopes,
			Endpoint: oauth2.Endpoint{
				AuthURL:  server.AuthorizeURL,
				TokenURL: server.TokenURL,
				// Named, because finding it out would post a one-time code twice.
				AuthStyle: oauth2.AuthStyleInParams,
			},
		},
		state: random(), nonce: random(), page: random(), verifier: oauth2.GenerateVerifier(),
		answers: make(chan answer, 1), ended: make(chan struct{}), shown: make(chan struct{}),
	}
	a.link = a.config.AuthCodeURL(a.state,
		oauth2.S256ChallengeOption(a.verifier),
		oauth2.SetAuthURLParam("nonce", a.nonce))
	a.keys = newKeys(f.HTTP, server.KeysURL)
	life, end := context.WithCancel(context.Background())
	a.forget, a.gone = end, life.Done()
	f.running.Go(func() { a.keys.load(life) })
	a.mu.Lock() // the time may be over before the timer is in its place
	defer a.mu.Unlock()
	a.deadline = now().Add(f.limit())
	a.timer = time.AfterFunc(f.limit(), func() { a.stop(backend.Fail(backend.SignInTimeout, "", nil)) })
	return a
}

// Link returns the authorization request (RFC 6749 section 4.1.1, RFC 7636
// section 4.3, OpenID Connect Core section 3.1.2.1).
func (a *Attempt) Link() string { return a.link }

// Deadline returns when the attempt ends by itself.
func (a *Attempt) Deadline() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.deadline
}

// Extend gives the person the full time again, from now.
func (a *Attempt) Extend() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.answered || a.over != nil {
		return
	}
	if a.timer.Stop() {
		a.deadline = now().Add(a.flow.limit())
		a.timer.Reset(a.flow.limit())
	}
}

// Cancel ends the attempt. One that has its answer already is not stopped here:
// the context of [Attempt.Wait] does that.
func (a *Attempt) Cancel() { a.stop(backend.Fail(backend.Cancelled, "", nil)) }

// stop ends an attempt that still waits, and closes its way back.
func (a *Attempt) stop(why error) {
	a.mu.Lock()
	stopped := !a.answered && a.over == nil
	if stopped {
		a.over = why
		a.timer.Stop()
		close(a.ended)
	}
	a.mu.Unlock()
	if stopped {
		a.flow.drop(a)
	}
}

// answer hands over the first valid answer and reports whether it was that.
func (a *Attempt) answer(ans answer) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.answered || a.over != nil {
		return false
	}
	a.answered = true
	a.timer.Stop()
	a.answers <- ans
	return true
}

func (a *Attempt) isAnswered() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.answered
}

// Wait returns what the answer brought. It calls answered when the answer is
// there, then exchanges the code and checks the identity token. Fails with
// Refused or RequestRefused, SignInTimeout, Cancelled, or a failure of the
// exchange; cancelling ctx is Cancelled too.
func (a *Attempt) Wait(ctx context.Context, answered func()) (backend.Grant, error) {
	select {
	case ans := <-a.answers:
		answered()
		grant, err := a.grant(ctx, ans)
		if ctx.Err() != nil {
			return backend.Grant{}, backend.Fail(backend.Cancelled, "", ctx.Err())
		}
		return grant, err
	case <-a.ended:
		return backend.Grant{}, a.over
	case <-ctx.Done():
		a.Cancel()
		return backend.Grant{}, backend.Fail(backend.Cancelled, "", ctx.Err())
	}
}

// grant turns an answer into who consented, and their token.
func (a *Attempt) grant(ctx context.Context, ans answer) (backend.Grant, error) {
	if ans.errorCode == "access_denied" { // RFC 6749 section 4.1.2.1
		return backend.Grant{}, backend.Fail(backend.Refused, "", nil)
	}
	if ans.errorCode != "" {
		return backend.Grant{}, backend.Fail(backend.RequestRefused, "", nil)
	}
	got, err := a.exchange(ctx, ans.code)
	if err != nil {
		return backend.Grant{}, err
	}
	signIn, err := a.identify(ctx, got)
	if err != nil {
		return backend.Grant{}, err
	}
	return backend.Grant{SignIn: signIn, Token: got.token, ClockSkew: got.clock.skew}, nil
}

// Show puts the end of the attempt on the browser's page. After an outcome the
// page offers to connect another organisation, as long as again is not nil and
// for the time that an attempt may take: the link calls again, and the browser
// follows to the link that again returns. Without an offer the page stays for a
// few seconds, long enough to be fetched once.
func (a *Attempt) Show(end backend.End, again func() (string, error)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.end != nil || !a.answered {
		return
	}
	stays := lastLook
	if end.Outcome != nil && again != nil {
		a.once, a.again = random(), again
		stays = a.flow.limit()
	}
	if end.Outcome != nil {
		a.end = outcomePage(*end.Outcome, a.once, now().Add(stays))
	} else {
		a.end = failurePage(end.Failure)
	}
	a.timer = time.AfterFunc(stays, func() { a.flow.drop(a) })
	close(a.shown)
}

// look returns the page of the end. One without an offer has been seen then,
// and the way back closes.
func (a *Attempt) look() *page {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.once == "" {
		a.timer.Reset(afterLook)
	}
	return a.end
}

// offered returns the one-time value of the link on the attempt's page.
func (a *Attempt) offered() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.once
}

// follow begins the next attempt, once, and returns its link. What went wrong
// may be tried again.
func (a *Attempt) follow() (string, error) {
	a.following.Lock()
	defer a.following.Unlock()
	if a.nextLink != "" {
		return a.nextLink, nil
	}
	link, err := a.again()
	if err == nil {
		a.nextLink = link
	}
	return link, err
}
