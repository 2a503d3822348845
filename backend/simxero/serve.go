package simxero

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// gate counts the requests in work, so that Close can wait for their end.
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

// maxForm is the most of a form body that is read.
const maxForm = 1 << 20

// handler answers a request. It runs with Server.mu held.
type handler func(*http.Request) answer

// serve makes a handler into an endpoint: the request is written down, the
// endpoint's faults have their way, and the answer bears the server's own date.
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
	entry := s.journal.record(Request{
		At: s.now(), Endpoint: e, Method: r.Method, URL: r.URL, Header: r.Header.Clone(), Form: form,
	})
	leave, crowded := s.crowd(e, r)
	defer leave()
	done := s.present(r.Context(), e, form)
	f := s.faults.take(e)
	if !f.wait(s.closing, r.Context()) || f.Lose == BeforeWork {
		done()
		abort(w)
		return
	}
	a := s.answer(f.Fault, h, r, crowded)
	if f.Late > 0 && !(met{Fault: Fault{Delay: f.Late}}).wait(s.closing, r.Context()) {
		done()
		abort(w)
		return
	}
	done() // before the client knows, who may present the next at once
	a.header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	s.learn(e, a)
	if f.Lose == AnswerLost {
		abort(w)
		return
	}
	s.journal.answered(entry, a.status)
	f.Lose.send(w, a)
}

// answer returns what the fault puts in the place of the real answer, or the
// real answer as the fault changes it.
func (s *Server) answer(f Fault, h handler, r *http.Request, crowded *answer) answer {
	if f.Status != 0 {
		return f.instead()
	}
	if crowded != nil {
		return *crowded
	}
	return f.change(s.ask(h, r))
}

func (s *Server) ask(h handler, r *http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return h(r)
}

// readForm reads a form body; a body of another type or with faults in it
// leaves the fields that could be read.
func readForm(w http.ResponseWriter, r *http.Request) url.Values {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	_ = r.ParseForm() // what could not be read is missing, which is the answer
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

// notThere answers whatever no endpoint answers.
func notThere(*http.Request) answer {
	return newAnswer(http.StatusNotFound, "text/html; charset=utf-8", []byte("<!doctype html><title>404</title><h1>Not found</h1>"))
}

func (s *Server) happened(e Event) { s.journal.event(s.now(), e) }

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// learn keeps the tokens of an answer that a fault may have changed, so that
// [Server.Secrets] knows them too.
func (s *Server) learn(e Endpoint, a answer) {
	if e != Exchange && e != Renewal {
		return
	}
	var fields map[string]any
	if json.Unmarshal(a.body, &fields) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{"id_token", "access_token", "refresh_token"} {
		value, _ := fields[name].(string)
		if value != "" {
			s.state.secret(value)
		}
	}
}
