package simxero

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Request is an entry of the request log.
type Request struct {
	At       time.Time
	Endpoint Endpoint
	Method   string
	URL      *url.URL
	Header   http.Header
	// Form holds the fields of a form body. URL holds the query.
	Form url.Values
	// Status is the status of the answer. Zero means no answer yet, or an answer dropped by a fault.
	Status int
}

// journal is the request log. The journal has a separate lock, because requests arrive while a handler runs.
type journal struct {
	mu       sync.Mutex
	requests []*Request
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

// list returns the requests to the endpoints, and a channel closed at the next arrival. Without endpoints, list
// returns all requests.
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

// Requests returns the requests to the endpoints in the order of arrival. Without endpoints, Requests returns all
// requests.
func (j *journal) Requests(endpoints ...Endpoint) []Request {
	found, _ := j.list(endpoints)
	return found
}

// Await waits until n requests have arrived at an endpoint since the start of the server, answered or not. Await
// fails only if ctx ends first.
func (j *journal) Await(ctx context.Context, e Endpoint, n int) error {
	return await(ctx, n, func() (int, <-chan struct{}) {
		found, more := j.list([]Endpoint{e})
		return len(found), more
	})
}

// await waits until count returns at least n. The channel closes at the next change of the count.
func await(ctx context.Context, n int, count func() (int, <-chan struct{})) error {
	for {
		have, more := count()
		if have >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
