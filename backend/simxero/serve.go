package simxero

import (
	"net/http"
	"net/url"
	"strings"
	"sync"

	"bookring/backend/simxero/answer"
)

// gate counts the requests in progress. Server.Close waits for the last request.
type gate struct {
	mu     sync.Mutex
	closed bool
	inside sync.WaitGroup
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.inside.Add(1)
	return true
}

func (g *gate) shut() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.inside.Wait()
}

// maxForm limits the length of a form body in bytes.
const maxForm = 1 << 20

// serve returns the handler of an endpoint with request log and faults.
func (s *Server) serve(e Endpoint, h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.gate.enter() {
			return
		}
		defer s.gate.inside.Done()
		form := readForm(w, r)
		at := e
		if e == Token {
			at = tokenEndpoint(form)
		}
		s.work(at, h, w, r, form)
	}
}

func (s *Server) work(e Endpoint, h handler, w http.ResponseWriter, r *http.Request, form url.Values) {
	entry := s.record(Request{
		At: s.now(), Endpoint: e, Method: r.Method, URL: r.URL, Header: r.Header.Clone(), Form: form,
	})
	end, refusal := s.begin(e, r, form)
	f := s.take(e)
	a, ok := s.answer(f, h, r, refusal)
	end() // before the client gets the answer and can send the next request
	if !ok {
		abort(w)
		return
	}
	a.Header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	if e == Exchange || e == Renewal {
		s.do(func() { s.identity.Learn(a.Body) })
	}
	if f.Lose == AnswerLost {
		abort(w)
		return
	}
	s.answered(entry, a.Status)
	f.Lose.send(w, a)
}

// begin registers a request in progress. The API limits concurrent calls, and the issuer reports concurrent renewals.
func (s *Server) begin(e Endpoint, r *http.Request, form url.Values) (end func(), refusal *answer.Answer) {
	leave := func() {}
	s.do(func() {
		switch e {
		case Details:
			leave, refusal = s.api.Begin(r)
		case Renewal:
			leave = s.identity.Present(r.Context(), form.Get("refresh_token"))
		}
	})
	return func() { s.do(leave) }, refusal
}

// answer returns the fault's answer, the refusal, or the handler's answer with the fault's changes. The result is
// false if the connection must break without an answer.
func (s *Server) answer(f met, h handler, r *http.Request, refusal *answer.Answer) (a answer.Answer, ok bool) {
	if !f.wait(s.closing, r.Context(), f.Delay, f.Hold) || f.Lose == BeforeWork {
		return a, false
	}
	switch {
	case f.Status != 0:
		a = f.instead()
	case refusal != nil:
		a = *refusal
	default:
		s.do(func() { a = h(r) })
		a = f.change(a)
	}
	return a, f.wait(s.closing, r.Context(), f.Late, false)
}

// readForm returns the readable fields of a form body. A body of another type has no fields.
func readForm(w http.ResponseWriter, r *http.Request) url.Values {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	_ = r.ParseForm() // handlers treat an unreadable field as missing
	if r.PostForm == nil {
		return url.Values{}
	}
	return r.PostForm
}

func tokenEndpoint(form url.Values) Endpoint {
	if strings.EqualFold(form.Get("grant_type"), "refresh_token") {
		return Renewal
	}
	return Exchange
}

// abort breaks the connection without an answer.
func abort(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = c.Close()
	}
}
