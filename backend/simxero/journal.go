package simxero

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Endpoint names one of the things that can be asked of the server.
type Endpoint string

// The endpoints. [Token] stands for both [Exchange] and [Renewal] wherever an
// endpoint is asked for.
const (
	Discovery  Endpoint = "discovery"
	Keys       Endpoint = "keys"
	UserInfo   Endpoint = "userinfo"
	Revocation Endpoint = "revocation"
	Token      Endpoint = "token"
	Exchange   Endpoint = "token: code"    // grant_type=authorization_code
	Renewal    Endpoint = "token: refresh" // grant_type=refresh_token

	Authorize Endpoint = "authorize"
	SignIn    Endpoint = "sign-in page"
	Consent   Endpoint = "consent page"
	OtherPage Endpoint = "other page" // logout, connection limit, errors

	Connections Endpoint = "connections"
	Disconnect  Endpoint = "disconnect" // DELETE /connections/{id}
	Details     Endpoint = "organisation"
	Unknown     Endpoint = "unknown"
)

func (e Endpoint) covers(other Endpoint) bool {
	return e == other || e == Token && (other == Exchange || other == Renewal)
}

// Request is one request as it arrived.
type Request struct {
	At       time.Time
	Endpoint Endpoint
	Method   string
	URL      *url.URL
	Header   http.Header
	// Form holds the fields of a form body; the query is in URL.
	Form url.Values
	// Status is what was answered; zero as long as nothing was, and for an
	// answer that a fault dropped.
	Status int
}

// Event is something that happened in the simulated world.
type Event struct {
	At   time.Time
	Kind EventKind
	// Person, Organisation and Client are IDs, empty where they play no part.
	Person, Organisation, Client string
	Detail                       string
}

// EventKind says what happened.
type EventKind string

// What can happen.
const (
	SignedIn       EventKind = "signed in"
	SignedOut      EventKind = "signed out"
	Connected      EventKind = "connected"
	Reconnected    EventKind = "connected again"
	Continued      EventKind = "continued with what was connected"
	Refused        EventKind = "cancelled on the consent page"
	ErrorPage      EventKind = "ended on an error page" // Detail is its text
	LimitPage      EventKind = "ended on the connection limit page"
	CodeExchanged  EventKind = "code exchanged"
	Renewed        EventKind = "token renewed"
	RenewedAgain   EventKind = "token renewed with a token used before"
	RenewalRefused EventKind = "renewal refused" // Detail says why
	// RenewedTwiceAtOnce: a second presented a sign-in's token while a first
	// was still waiting for the answer to its own.
	RenewedTwiceAtOnce EventKind = "two renewals at once"
	Disconnected       EventKind = "disconnected"
	Revoked            EventKind = "revoked"
	HostFailed         EventKind = "host failed"
)

// journal keeps what happened. It has a lock of its own: requests are written
// down while the world's lock is held by others.
type journal struct {
	mu       sync.Mutex
	requests []*Request
	events   []Event
	arrived  chan struct{} // closed and replaced at every arrival
}

func (j *journal) record(r Request) *Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, &r)
	if j.arrived != nil {
		close(j.arrived)
		j.arrived = nil
	}
	return &r
}

func (j *journal) answered(r *Request, status int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r.Status = status
}

func (j *journal) event(at time.Time, e Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.At = at
	j.events = append(j.events, e)
}

// list returns the requests to the endpoints, all of them if none is named, and
// a channel that is closed when another arrives.
func (j *journal) list(endpoints []Endpoint) ([]Request, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.arrived == nil {
		j.arrived = make(chan struct{})
	}
	var found []Request
	for _, r := range j.requests {
		covered := slices.ContainsFunc(endpoints, func(e Endpoint) bool { return e.covers(r.Endpoint) })
		if covered || len(endpoints) == 0 {
			found = append(found, *r)
		}
	}
	return found, j.arrived
}

// Requests returns, in the order of arrival, the requests to the endpoints; all
// requests if none is named.
func (s *Server) Requests(endpoints ...Endpoint) []Request {
	found, _ := s.journal.list(endpoints)
	return found
}

// Await returns as soon as n requests have arrived at an endpoint, counted from
// the start of the server; they need not have been answered. It fails only if
// ctx ends first.
func (s *Server) Await(ctx context.Context, e Endpoint, n int) error {
	for {
		found, more := s.journal.list([]Endpoint{e})
		if len(found) >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Events returns what happened, in order.
func (s *Server) Events() []Event {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return slices.Clone(s.journal.events)
}

// Secrets returns every authorization code, access, refresh and identity token
// that was ever issued, in no order, so that a test can look for them where they must not be.
func (s *Server) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.state.secrets))
}
