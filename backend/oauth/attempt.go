package oauth

import (
	"context"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/oauth/identity"

	"golang.org/x/oauth2"
)

// Attempt is one authorization request in the user's browser. [Flow.Begin]
// prepares an attempt. The browser's return or [Attempt.Paste] answers the
// attempt and ends [Attempt.Wait], [Attempt.Grant] returns the grant, and
// [Attempt.Show] shows the end in the browser.
type Attempt struct {
	flow     *Flow
	server   Server
	config   oauth2.Config
	link     string
	state    string
	nonce    string
	verifier string // RFC 7636 section 4.1: 32 random bytes, 43 characters
	page     string // the secret part of the page's path
	keys     *identity.Keys
	forget   context.CancelFunc // stops the reading of keys and closes gone

	came  chan struct{}   // closed when first is set
	ended chan struct{}   // closed when over is set
	shown chan struct{}   // closed when end is set
	gone  <-chan struct{} // closed when the flow has dropped the attempt

	mu       sync.Mutex
	answered bool
	released bool
	first    answer // the accepted answer, unchanged once came is closed
	deadline time.Time
	timer    *time.Timer // ends the wait for an answer; after Show, the life of the page
	over     error       // the reason for an end without an answer
	end      *page
	once     string // the one-time value of the link on the page
	again    func() (string, error)

	following sync.Mutex
	nextLink  string
}

// newAttempt prepares an attempt and starts to read the server's keys while the
// user signs in.
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
				// The library's default tries two styles and posts the
				// one-time code twice.
				AuthStyle: oauth2.AuthStyleInParams,
			},
		},
		state: random(), nonce: random(), page: random(), verifier: oauth2.GenerateVerifier(),
		came: make(chan struct{}), ended: make(chan struct{}), shown: make(chan struct{}),
	}
	a.link = a.config.AuthCodeURL(a.state,
		oauth2.S256ChallengeOption(a.verifier),
		oauth2.SetAuthURLParam("nonce", a.nonce))
	a.keys = identity.New(func(ctx context.Context) ([]byte, error) {
		return fetch(ctx, f.HTTP, server.KeysURL, backend.Say.Doing.CheckedIdentity)
	})
	life, end := context.WithCancel(context.Background())
	a.forget, a.gone = end, life.Done()
	f.running.Go(func() { f.recovered(func() { a.keys.Load(life) }) })
	a.mu.Lock() // the timer can fire before the assignment
	defer a.mu.Unlock()
	a.deadline = now().Add(f.limit())
	a.timer = time.AfterFunc(f.limit(), func() {
		f.recovered(func() { a.stop(backend.Fail(backend.SignInTimeout, "", nil)) })
	})
	return a
}

// Link returns the authorization request (RFC 6749 section 4.1.1, RFC 7636
// section 4.3, OpenID Connect Core section 3.1.2.1).
func (a *Attempt) Link() string { return a.link }

// Deadline returns the time at which the attempt ends with SignInTimeout; after Show,
// the time at which the page ends.
func (a *Attempt) Deadline() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.deadline
}

// Extend moves the deadline to the full time limit from now. Extend has no effect
// on a released attempt, or an attempt with an answer or an end.
func (a *Attempt) Extend() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.answered || a.released || a.over != nil {
		return
	}
	if a.timer.Stop() {
		a.deadline = now().Add(a.flow.limit())
		a.timer.Reset(a.flow.limit())
	}
}

// Release marks an attempt that the user has given up. The link works until the
// deadline, because the consent page can still be open in a browser. At the limit of
// unanswered attempts, a new attempt ends the oldest released attempt.
func (a *Attempt) Release() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.released = true
}

func (a *Attempt) isReleased() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.released && !a.answered && a.over == nil
}

// Cancel ends an attempt without an answer. To stop an attempt with an answer,
// cancel the context of [Attempt.Grant].
func (a *Attempt) Cancel() { a.stop(backend.Fail(backend.Cancelled, "", nil)) }

// stop ends an attempt without an answer and drops the attempt.
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

// answer accepts ans and ends Wait. Reports false if the attempt has an answer or an end.
func (a *Attempt) answer(ans answer) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.answered || a.over != nil {
		return false
	}
	a.answered, a.first = true, ans
	a.timer.Stop()
	close(a.came)
	return true
}

// accepted reports whether ans repeats the accepted code. A repeated error is not enough: the
// error is guessable, and the page offers the next round.
func (a *Attempt) accepted(ans answer) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.answered && same(a.first.code, ans.code)
}

func (a *Attempt) isAnswered() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.answered
}

// Wait waits for the answer. Fails with SignInTimeout, or with Cancelled, also if ctx
// ends.
func (a *Attempt) Wait(ctx context.Context) error {
	select {
	case <-a.came:
		return nil
	case <-a.ended:
		return a.over
	case <-ctx.Done():
		a.Cancel()
	}
	if a.isAnswered() { // at the same moment
		return nil
	}
	return backend.Fail(backend.Cancelled, "", ctx.Err())
}

// Grant exchanges the answer's code after [Attempt.Wait], and checks the identity
// token. Grant must be called once. Fails with Refused, RequestRefused, Cancelled if ctx
// ends, or a failure of the exchange, the keys or the identity.
func (a *Attempt) Grant(ctx context.Context) (backend.Grant, error) {
	grant, err := a.grant(ctx, a.first)
	if err != nil && ctx.Err() != nil {
		err = backend.Fail(backend.Cancelled, "", ctx.Err())
	}
	return grant, err
}

// grant exchanges an answer for the user and the token set.
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
	at := now()
	signIn, err := a.keys.SignIn(ctx, got.idToken, identity.Expected{
		Issuer: a.server.Issuer, ClientID: a.config.ClientID, Nonce: a.nonce, Access: got.token.Access,
		Now: at.Add(-got.clock.skew), ServersClock: got.clock.known,
	})
	if err != nil {
		return backend.Grant{}, err
	}
	signIn.At = at.UTC()
	return backend.Grant{SignIn: signIn, Token: got.token, ClockSkew: got.clock.skew}, nil
}
