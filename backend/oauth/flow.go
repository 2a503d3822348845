package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
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
	server := Xero
	if f.Discovery != "" {
		var err error
		if server, err = Discover(ctx, f.HTTP, f.Discovery); err != nil {
			return nil, err
		}
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
		var err error
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

// serve answers one connection: one request, one page, closed.
func (f *Flow) serve(port int, conn net.Conn, complete func()) {
	defer func() {
		if p := recover(); p != nil { // its value is not logged: it may quote the request
			f.Log.Error("request panicked")
			pageUnexpected.write(conn)
		}
	}()
	req, err := readRequest(conn)
	complete()
	if err != nil && !errors.Is(err, errMalformed) {
		return // cut, or too slow: nobody reads an answer
	}
	_ = conn.SetWriteDeadline(now().Add(showLimit + writeLimit))
	page := pageBadRequest
	if err == nil {
		page = f.respond(port, req)
	}
	page.write(conn)
}

// respond decides what a request gets.
func (f *Flow) respond(port int, req request) *page {
	if refusal := req.check(port); refusal != nil {
		return refusal
	}
	_, path, query := req.split()
	if value, ok := strings.CutPrefix(path, donePath); ok {
		return f.done(value)
	}
	if value, ok := strings.CutPrefix(path, againPath); ok {
		return f.again(value)
	}
	a, refusal := f.accept(query)
	if refusal != nil {
		return refusal
	}
	return redirect(donePath + a.page)
}

// accept takes the query of a callback. The state is looked at before anything
// else of it: what does not know the state of an attempt cannot end one. The
// first valid answer wins.
func (f *Flow) accept(query string) (*Attempt, *page) {
	ans, ok := parseAnswer(query)
	if !ok {
		return nil, pageBadRequest
	}
	a := f.find(func(a *Attempt) bool { return same(a.state, ans.state) })
	if a == nil {
		return nil, pageNotOurs
	}
	if ans.iss != nil && *ans.iss != a.server.Issuer { // RFC 9207 section 2.4
		return nil, pageNotOurs
	}
	if !a.answer(ans) {
		return nil, pageFinished
	}
	return a, nil
}

// done serves the page of an attempt that was answered.
func (f *Flow) done(value string) *page {
	a := f.find(func(a *Attempt) bool { return same(a.page, value) })
	if a == nil || !a.isAnswered() {
		return pageNotFound
	}
	select {
	case <-a.shown:
		return a.look()
	case <-a.gone:
		return pageFinished
	case <-time.After(showLimit):
		return pageReading
	}
}

// again follows the link of a finished attempt's page to the next attempt. A
// double click gets the same one twice; a link that has done its work gets a
// page that says so.
func (f *Flow) again(value string) *page {
	a := f.find(func(a *Attempt) bool { return same(a.offered(), value) })
	if a == nil {
		return pageOver
	}
	link, err := a.follow()
	if err != nil {
		return failurePage(backend.AsFailure(err))
	}
	if f.find(func(next *Attempt) bool { return next.link == link && !next.isAnswered() }) == nil {
		return pageOver
	}
	return redirect(link)
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
