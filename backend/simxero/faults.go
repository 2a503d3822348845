package simxero

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

// Fault describes the misbehaviour of an endpoint. The zero Fault has no effect. The functions in this file return
// the common faults.
type Fault struct {
	// Status, if set, is the status of a false answer with Body. The request has no effect at Xero's side.
	Status int
	Body   string
	// Header is added to the answer, false or real.
	Header http.Header
	// Rewrite changes the body of a real answer.
	Rewrite func(body []byte) []byte
	// Delay is a wait before the work, by the computer's clock. Hold waits until [Injected.Release] or [Injected.Stop].
	// Both waits end when the client gives up.
	Delay time.Duration
	Hold  bool
	// Late is a wait between the work and the answer, by the computer's clock. The wait ends when the client gives up.
	Late time.Duration
	// Lose breaks the connection.
	Lose Loss
	// Times is the number of requests that meet the fault. Zero means all requests.
	Times int
}

// Once returns the fault for the next request only.
func (f Fault) Once() Fault { f.Times = 1; return f }

// Loss is the point in a request at which the connection breaks.
type Loss int

// The points in the order of a request.
const (
	Nowhere    Loss = iota
	BeforeWork      // no work, no answer
	AnswerLost      // the work is done (a renewal, for example), no answer
	InTheBody       // the answer ends in the middle of the body
	AtTheEnd        // the answer has the whole body, but Content-Length announces more
)

// StatusFault answers with a status and an error in the format of Xero's API.
func StatusFault(status int) Fault {
	return falseAnswer(answer.APIError(&world.State{}, status, "An error occurred"))
}

// OAuthFault answers 400 with an OAuth error (RFC 6749 section 5.2).
func OAuthFault(code, description string) Fault {
	return falseAnswer(answer.OAuthError(code, description))
}

// RateLimited answers 429. Problem is X-Rate-Limit-Problem. RetryAfter is the text of the Retry-After header: seconds,
// a date, or another text. An empty retryAfter leaves out the header.
func RateLimited(problem, retryAfter string) Fault {
	f := StatusFault(http.StatusTooManyRequests)
	f.Header.Set("X-Rate-Limit-Problem", problem)
	if retryAfter != "" {
		f.Header.Set("Retry-After", retryAfter)
	}
	return f
}

// EdgePage answers with an HTML page of the network in front of Xero (Akamai).
func EdgePage(status int) Fault {
	return falseAnswer(answer.EdgePage(status).With("Server", "AkamaiGHost"))
}

func falseAnswer(a answer.Answer) Fault {
	return Fault{Status: a.Status, Header: a.Header, Body: string(a.Body)}
}

// CaptivePortal answers like a hotel's network: 200 with the hotel's page, 302 to the hotel's sign-in page, or 511
// (RFC 6585).
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

// RedirectTo redirects to an address.
func RedirectTo(status int, address string) Fault {
	return Fault{Status: status, Header: http.Header{"Location": {address}}}
}

// EmptyBody answers without a body.
func EmptyBody() Fault { return Fault{Rewrite: func([]byte) []byte { return nil }} }

// HalfBody answers with the first half of the body in valid HTTP.
func HalfBody() Fault { return Fault{Rewrite: func(b []byte) []byte { return b[:len(b)/2] }} }

// NotJSON answers with HTML under the content type of JSON.
func NotJSON() Fault {
	return Fault{Rewrite: func([]byte) []byte { return []byte("<html><body>Service</body></html>") }}
}

// LostAnswer does the work without an answer. At [Renewal], no client learns the new refresh token.
func LostAnswer() Fault { return Fault{Lose: AnswerLost} }

// Dropped breaks the connection before the work.
func Dropped() Fault { return Fault{Lose: BeforeWork} }

// Stalled holds requests until [Injected.Release] or [Injected.Stop].
func Stalled() Fault { return Fault{Hold: true} }

// Edited changes the fields of a real answer. The body must be a JSON object.
func Edited(edit func(fields map[string]any)) Fault {
	return Fault{Rewrite: func(body []byte) []byte {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		fields := map[string]any{}
		if decoder.Decode(&fields) != nil {
			return body
		}
		edit(fields)
		return answer.JSON(0, fields).Body
	}}
}

// Without removes a field (refresh_token, scope) from a real answer.
func Without(field string) Fault {
	return Edited(func(fields map[string]any) { delete(fields, field) })
}

// Replaced sets a field of a real answer to a value of any type: an absurd expires_in, another token_type, a scope as
// a list.
func Replaced(field string, value any) Fault {
	return Edited(func(fields map[string]any) { fields[field] = value })
}

// Swollen pads a real answer to at least n bytes of valid JSON.
func Swollen(n int) Fault { return Replaced("padding", strings.Repeat("x", n)) }

// instead returns the false answer.
func (f Fault) instead() answer.Answer { return f.change(answer.New(f.Status, "", []byte(f.Body))) }

func (f Fault) change(a answer.Answer) answer.Answer {
	if f.Rewrite != nil {
		a.Body = f.Rewrite(a.Body)
	}
	return a.WithAll(f.Header)
}

// send writes an answer up to the loss.
func (l Loss) send(w http.ResponseWriter, a answer.Answer) {
	if l == InTheBody || l == AtTheEnd {
		l.sendBroken(w, a)
		return
	}
	maps.Copy(w.Header(), a.Header)
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the server ignores a client that has left
}

func (l Loss) sendBroken(w http.ResponseWriter, a answer.Answer) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	a.Header.Set("Content-Length", fmt.Sprint(len(a.Body)+1))
	if l == InTheBody {
		a.Body = a.Body[:len(a.Body)/2]
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", a.Status, http.StatusText(a.Status))
	_ = a.Header.Write(&b)
	b.WriteString("\r\n")
	b.Write(a.Body)
	_, _ = c.Write(b.Bytes())
	_ = c.Close()
}
