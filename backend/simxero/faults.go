package simxero

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
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
	// Late is waited after the work, by the computer's clock or until the
	// client gives up, before anything is answered.
	Late time.Duration
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
