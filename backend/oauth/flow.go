package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"bookring/backend"
)

// now is the clock of the listener's deadlines.
var now = time.Now

// TimeToSignIn is how long an attempt waits for its answer, and how long the
// page offers to connect another organisation afterwards.
const TimeToSignIn = 10 * time.Minute

const (
	// maxAttempts wait side by side; one more is refused.
	maxAttempts = 8
	// showLimit is how long a request for the page of an attempt waits for its
	// end before it gets the page that asks again.
	showLimit = 2 * time.Second
	// lastLook is how long the page of an attempt that ended without an offer
	// can be fetched.
	lastLook = 5 * time.Second
	// afterLook is how long it stays once it was fetched.
	afterLook = 300 * time.Millisecond
)

// Flow runs sign-ins. HTTP and Log must be set.
type Flow struct {
	// Discovery is the address of a test server's discovery document, see
	// [Discover]. Empty means [Xero].
	Discovery string
	// HTTP talks to the server: no redirects, sensible time-outs.
	HTTP *http.Client
	Log  *slog.Logger
	// Ports to listen on; nil means [DefaultPorts].
	Ports []int
	// Limit replaces [TimeToSignIn] if not zero.
	Limit time.Duration

	mu       sync.Mutex
	closed   bool
	loopback *loopback
	attempts []*Attempt
	running  sync.WaitGroup // what is ending: closed listeners, reading of keys
}

// Begin listens, if that is not so already, and prepares one attempt for
// clientID; nothing is opened. The attempt must be given to [Attempt.Wait] and
// then [Attempt.Show], or cancelled. Fails with PortsTaken, TooManySignIns,
// NotLoopback, Cancelled after [Flow.Close], or as reading the discovery
// document does.
func (f *Flow) Begin(ctx context.Context, clientID string) (*Attempt, error) {
	server, err := f.server(ctx)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, backend.Fail(backend.Cancelled, "", nil)
	}
	if f.waiting() >= maxAttempts {
		return nil, backend.Fail(backend.TooManySignIns, "", nil)
	}
	if f.loopback == nil {
		if f.loopback, err = listen(f.ports(), f.serve); err != nil {
			return nil, err
		}
	}
	a := newAttempt(f, server, clientID, RedirectURI(f.loopback.port))
	f.attempts = append(f.attempts, a)
	return a, nil
}

// Close cancels every attempt, stops listening for good and returns when
// nothing of the flow runs any more.
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

// server returns the authorization server.
func (f *Flow) server(ctx context.Context) (Server, error) {
	if f.Discovery == "" {
		return Xero, nil
	}
	return Discover(ctx, f.HTTP, f.Discovery)
}

// RedirectAddresses returns the addresses that the app must list at Xero.
func (f *Flow) RedirectAddresses() []string {
	var all []string
	for _, port := range f.ports() {
		all = append(all, RedirectURI(port))
	}
	return all
}

func (f *Flow) ports() []int {
	if f.Ports == nil {
		return DefaultPorts
	}
	return f.Ports
}

func (f *Flow) limit() time.Duration {
	if f.Limit == 0 {
		return TimeToSignIn
	}
	return f.Limit
}

// waiting counts the attempts without an answer. The lock is held.
func (f *Flow) waiting() (n int) {
	for _, a := range f.attempts {
		if !a.isAnswered() {
			n++
		}
	}
	return n
}

// drop forgets an attempt; with the last one the port closes.
func (f *Flow) drop(a *Attempt) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.attempts[:0:0]
	for _, other := range f.attempts {
		if other != a {
			kept = append(kept, other)
		}
	}
	a.forget()
	f.attempts = kept
	if len(kept) == 0 && f.loopback != nil {
		f.loopback.close()
		f.running.Go(f.loopback.wait.Wait)
		f.loopback = nil
	}
}

// find returns the first attempt for which match is true. It looks at all of
// them, so that the time taken does not say which.
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

// same compares in constant time. An empty value is never the same.
func same(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// random returns 256 random bits as 43 characters of base64url.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}
