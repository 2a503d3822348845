package simxero

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Fault says how an endpoint misbehaves. The zero Fault does nothing; the
// constructors below make the usual ones.
type Fault struct {
	// Status, if set, is answered with Body in the place of the real answer,
	// and the request changes nothing at Xero's side.
	Status int
	Body   string
	// Header is added to the answer, real or not.
	Header http.Header
	// Rewrite changes the body of a real answer.
	Rewrite func(body []byte) []byte
	// Delay is waited before the work, by the computer's clock. Hold waits
	// until [Injected.Release] or [Injected.Stop], or until the client gives up.
	Delay time.Duration
	Hold  bool
	// Lose breaks the connection at a place.
	Lose Loss
	// Times is how many requests meet the fault; zero means all of them.
	Times int
}

// Once returns the fault for the next request only.
func (f Fault) Once() Fault { f.Times = 1; return f }

// Loss is the place where a connection breaks.
type Loss int

// The places, in the order of a request.
const (
	Nowhere    Loss = iota
	BeforeWork      // nothing was done, nothing is answered
	AnswerLost      // the work was done (a token rotated, say), nothing is answered
	InTheBody       // the answer breaks off in the middle of its body
	AtTheEnd        // the whole body is sent, and then not the end that was announced
)

// StatusFault answers a status with a JSON body as Xero's API writes it.
func StatusFault(status int) Fault {
	return Fault{
		Status: status,
		Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		Body: fmt.Sprintf(`{"Type":null,"Title":%q,"Status":%d,"Detail":"An error occurred","Instance":%q,"Extensions":{}}`,
			http.StatusText(status), status, newGUID()),
	}
}

// OAuthFault answers 400 with an OAuth error (RFC 6749 section 5.2).
func OAuthFault(code, description string) Fault {
	return Fault{
		Status: http.StatusBadRequest,
		Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		Body:   string(oauthError(code, description).body),
	}
}

// RateLimited answers 429. RetryAfter is the header as it stands: seconds, a
// date, or anything else; empty leaves it out. Problem is X-Rate-Limit-Problem.
func RateLimited(problem, retryAfter string) Fault {
	f := StatusFault(http.StatusTooManyRequests)
	f.Header.Set("X-Rate-Limit-Problem", problem)
	if retryAfter != "" {
		f.Header.Set("Retry-After", retryAfter)
	}
	return f
}

// EdgePage answers a status with a page in HTML, as the network before Xero
// does.
func EdgePage(status int) Fault {
	return Fault{
		Status: status,
		Header: http.Header{"Content-Type": {"text/html"}, "Server": {"AkamaiGHost"}},
		Body:   edgePage(status),
	}
}

// CaptivePortal answers as a hotel's network does: 200 with a page of its own,
// 302 to its sign-in page, or 511 (RFC 6585).
func CaptivePortal(status int) Fault {
	f := Fault{
		Status: status,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body:   "<!doctype html><title>Guest network</title><h1>Welcome. Please accept the terms of this network.</h1>",
	}
	if status/100 == 3 {
		f.Header.Set("Location", "http://portal.invalid/sign-in")
	}
	return f
}

// RedirectTo answers a redirect to an address.
func RedirectTo(status int, address string) Fault {
	return Fault{Status: status, Header: http.Header{"Location": {address}}}
}

// EmptyBody answers with everything but a body.
func EmptyBody() Fault { return Fault{Rewrite: func([]byte) []byte { return nil }} }

// HalfBody answers with the first half of the body, in good HTTP.
func HalfBody() Fault { return Fault{Rewrite: func(b []byte) []byte { return b[:len(b)/2] }} }

// NotJSON answers with a body that is HTML but says that it is JSON.
func NotJSON() Fault {
	return Fault{Rewrite: func([]byte) []byte { return []byte("<html><body>Service</body></html>") }}
}

// LostAnswer does the work and answers nothing: at [Renewal], the token has
// rotated and nobody knows the new one.
func LostAnswer() Fault { return Fault{Lose: AnswerLost} }

// Dropped breaks the connection before anything is done.
func Dropped() Fault { return Fault{Lose: BeforeWork} }

// Stalled holds requests until the [Injected] is released or stopped.
func Stalled() Fault { return Fault{Hold: true} }

// Edited changes the fields of a real answer that is a JSON object.
func Edited(edit func(fields map[string]any)) Fault {
	return Fault{Rewrite: func(body []byte) []byte {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		fields := map[string]any{}
		if decoder.Decode(&fields) != nil {
			return body
		}
		edit(fields)
		return jsonAnswer(0, fields).body
	}}
}

// Without leaves a field out of a real answer: refresh_token, scope, ...
func Without(field string) Fault {
	return Edited(func(fields map[string]any) { delete(fields, field) })
}

// Replaced sets a field of a real answer to a value of any kind: an absurd
// expires_in, another token_type, a scope as a list.
func Replaced(field string, value any) Fault {
	return Edited(func(fields map[string]any) { fields[field] = value })
}

// Swollen makes a real answer at least n bytes long and leaves it valid JSON.
func Swollen(n int) Fault { return Replaced("padding", strings.Repeat("x", n)) }

// Injected is a fault that was switched on.
type Injected struct {
	owner    *faults
	endpoint Endpoint
	fault    Fault
	met      int
	more     chan struct{} // closed and replaced whenever met grows
	off      bool
	released chan struct{}
	once     sync.Once
}

// Met returns how many requests have met the fault.
func (i *Injected) Met() int {
	i.owner.mu.Lock()
	defer i.owner.mu.Unlock()
	return i.met
}

// Await returns as soon as n requests have met the fault. It fails only if ctx
// ends first.
func (i *Injected) Await(ctx context.Context, n int) error {
	for {
		i.owner.mu.Lock()
		met, more := i.met, i.more
		i.owner.mu.Unlock()
		if met >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Release lets the requests go on that the fault holds, and all later ones.
func (i *Injected) Release() { i.once.Do(func() { close(i.released) }) }

// Stop switches the fault off and releases what it holds.
func (i *Injected) Stop() {
	i.owner.mu.Lock()
	i.off = true
	i.owner.mu.Unlock()
	i.Release()
}

// Fail switches a fault on at an endpoint. Of several faults at one endpoint
// the one switched on first is met until it is used up.
func (s *Server) Fail(e Endpoint, f Fault) *Injected {
	i := &Injected{owner: &s.faults, endpoint: e, fault: f, more: make(chan struct{}), released: make(chan struct{})}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.active = append(s.faults.active, i)
	return i
}

// Heal switches every fault off.
func (s *Server) Heal() {
	s.faults.mu.Lock()
	all := slices.Clone(s.faults.active)
	s.faults.mu.Unlock()
	for _, i := range all {
		i.Stop()
	}
}

type faults struct {
	mu     sync.Mutex
	active []*Injected
}

// met is a fault as one request meets it.
type met struct {
	Fault
	released <-chan struct{}
}

func (fs *faults) take(e Endpoint) met {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = slices.DeleteFunc(fs.active, func(i *Injected) bool { return i.off })
	for _, i := range fs.active {
		if !i.endpoint.covers(e) || i.fault.Times > 0 && i.met >= i.fault.Times {
			continue
		}
		i.met++
		close(i.more)
		i.more = make(chan struct{})
		return met{i.fault, i.released}
	}
	return met{}
}

// wait delays or holds the request and reports whether it is still wanted.
func (m met) wait(closing, client context.Context) bool {
	var elapsed <-chan time.Time
	held := m.released
	switch {
	case m.Hold:
	case m.Delay > 0:
		timer := time.NewTimer(m.Delay)
		defer timer.Stop()
		elapsed, held = timer.C, nil
	default:
		return true
	}
	select {
	case <-held:
		return true
	case <-elapsed:
		return true
	case <-client.Done():
		return false
	case <-closing.Done():
		return false
	}
}

// instead is the answer in the place of the real one.
func (f Fault) instead() answer {
	return f.change(newAnswer(f.Status, "", []byte(f.Body)))
}

func (f Fault) change(a answer) answer {
	if f.Rewrite != nil {
		a.body = f.Rewrite(a.body)
	}
	for name, values := range f.Header {
		a.header[name] = slices.Clone(values)
	}
	return a
}

// send writes an answer, as far as it gets.
func (l Loss) send(w http.ResponseWriter, a answer) {
	if l == InTheBody || l == AtTheEnd {
		a.sendBroken(w, l)
		return
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that left does not concern the server
}

func (a answer) sendBroken(w http.ResponseWriter, l Loss) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", a.status, http.StatusText(a.status))
	a.header.Set("Content-Length", fmt.Sprint(len(a.body)+1))
	_ = a.header.Write(&b)
	b.WriteString("\r\n")
	body := a.body
	if l == InTheBody {
		body = body[:len(body)/2]
	}
	b.Write(body)
	_, _ = c.Write(b.Bytes())
	_ = c.Close()
}
