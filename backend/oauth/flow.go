package oauth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/oauth/loopback"
)

// now is the clock of the package, replaced by tests.
var now = time.Now

// TimeToSignIn is the time limit of an attempt, and afterwards the time for which
// the page offers to connect another organisation.
const TimeToSignIn = 10 * time.Minute

const (
	// maxAttempts limits the number of unanswered attempts.
	maxAttempts = 8
	// showLimit is the time for which a request waits for the end of an attempt
	// before the listener answers with the self-reloading page.
	showLimit = 2 * time.Second
	// pageLife is the life of a page without an offer.
	pageLife = 5 * time.Second
	// servedPageLife is the remaining life of such a page after the first request.
	servedPageLife = 300 * time.Millisecond
)

// DefaultPorts are the ports of the redirect addresses, in the order of use. The
// Xero app's settings must list the redirect addresses, because Xero compares
// the port. The ports avoid the ranges that Windows reserves.
var DefaultPorts = []int{10742, 15742, 20742, 25742, 30742, 35742, 40742, 45742}

// RedirectURI returns the redirect address for a port. Xero accepts the name
// localhost only, not 127.0.0.1.
func RedirectURI(port int) string {
	return fmt.Sprintf("http://localhost:%d%s", port, callbackPath)
}

// loopbackHosts are the addresses of localhost.
var loopbackHosts = []string{"127.0.0.1", "::1"}

// Flow runs attempts to sign in. HTTP and Log must be set.
type Flow struct {
	// Discovery is the address of a test server's discovery document, see
	// [Discover]. Empty means [Xero].
	Discovery string
	// HTTP calls the server. HTTP must have time-outs and follow no redirects.
	HTTP *http.Client
	Log  *slog.Logger
	// Ports are the ports to listen on; nil means [DefaultPorts].
	Ports []int
	// Limit replaces [TimeToSignIn] if not zero.
	Limit time.Duration

	mu       sync.Mutex
	closed   bool
	loopback *loopback.Listener
	attempts []*Attempt
	running  sync.WaitGroup // the readers of keys, and the connections of closed listeners
}

// Begin starts the listener for the first attempt and prepares an attempt for
// clientID. Begin does not open a browser. The caller must call [Attempt.Wait],
// [Attempt.Grant] and then [Attempt.Show], or [Attempt.Cancel]. Fails with PortsTaken,
// TooManySignIns, Cancelled after [Flow.Close], or as [Discover] does.
func (f *Flow) Begin(ctx context.Context, clientID string) (*Attempt, error) {
	server, err := f.server(ctx)
	if err != nil {
		return nil, err
	}
	f.makeRoom()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, backend.Fail(backend.Cancelled, "", nil)
	}
	if f.unansweredLocked() >= maxAttempts {
		return nil, backend.Fail(backend.TooManySignIns, "", nil)
	}
	if f.loopback == nil {
		if f.loopback, err = loopback.Listen(loopbackHosts, f.ports(), f.serve, f.recovered); err != nil {
			return nil, err
		}
	}
	a := newAttempt(f, server, clientID, RedirectURI(f.loopback.Port()))
	f.attempts = append(f.attempts, a)
	return a, nil
}

// Close cancels every attempt, closes the listener for good, and returns when all
// goroutines of the flow have ended.
func (f *Flow) Close() {
	f.mu.Lock()
	f.closed = true
	attempts := f.attempts
	f.mu.Unlock()
	for _, a := range attempts {
		a.Cancel()
		f.drop(a)
	}
	f.running.Wait()
}

// server returns the authorization server, and fails as [Discover] does.
func (f *Flow) server(ctx context.Context) (Server, error) {
	if f.Discovery == "" {
		return Xero, nil
	}
	return Discover(ctx, f.HTTP, f.Discovery)
}

// serverOf returns the authorization server of a sign-in. Fails with Unexpected if
// the flow's server is another issuer, or as [Discover] does.
func (f *Flow) serverOf(ctx context.Context, key backend.SignInKey) (Server, error) {
	server, err := f.server(ctx)
	if err == nil && key.Issuer != server.Issuer {
		err = backend.Fail(backend.Unexpected, "", nil)
	}
	return server, err
}

// RedirectAddresses returns the redirect addresses for the Xero app's settings.
func (f *Flow) RedirectAddresses() []string {
	var all []string
	for _, port := range f.ports() {
		all = append(all, RedirectURI(port))
	}
	return all
}

// recovered calls do and logs a panic of do.
func (f *Flow) recovered(do func()) {
	defer func() {
		if p := recover(); p != nil {
			f.Log.Error("panicked", "error", backend.Panicked(p))
		}
	}()
	do()
}

func (f *Flow) ports() []int {
	if f.Ports == nil {
		return DefaultPorts
	}
	return f.Ports
}

func (f *Flow) limit() time.Duration {
	return cmp.Or(f.Limit, TimeToSignIn)
}

func (f *Flow) unansweredLocked() (n int) {
	for _, a := range f.attempts {
		if !a.isAnswered() {
			n++
		}
	}
	return n
}

// makeRoom ends the oldest released attempt at the limit of unanswered attempts.
func (f *Flow) makeRoom() {
	f.mu.Lock()
	var oldest *Attempt
	if f.unansweredLocked() >= maxAttempts {
		if i := slices.IndexFunc(f.attempts, (*Attempt).isReleased); i >= 0 {
			oldest = f.attempts[i]
		}
	}
	f.mu.Unlock()
	if oldest != nil {
		oldest.Cancel()
	}
}

// drop removes an attempt. Without attempts the flow does not listen.
func (f *Flow) drop(a *Attempt) {
	f.mu.Lock()
	defer f.mu.Unlock()
	// A copy, because Close reads the old slice without the lock.
	f.attempts = slices.DeleteFunc(slices.Clone(f.attempts), func(other *Attempt) bool { return other == a })
	a.forget()
	if len(f.attempts) == 0 && f.loopback != nil {
		f.loopback.Close()
		f.running.Go(f.loopback.Wait)
		f.loopback = nil
	}
}

// find returns the first attempt that matches. find compares every attempt, so
// the duration does not depend on the position of the match.
func (f *Flow) find(match func(*Attempt) bool) (found *Attempt) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.attempts {
		if match(a) && found == nil {
			found = a
		}
	}
	return found
}

// same compares in constant time. An empty value equals no value.
func same(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// random returns 256 random bits as 43 characters of base64url.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // crypto/rand ends the program instead of failing
	return base64.RawURLEncoding.EncodeToString(b)
}
