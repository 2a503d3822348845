package oauth

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"bookring/backend"
)

// FixedPages returns the bodies of all constant pages.
func FixedPages() map[string]bool {
	bodies := map[string]bool{}
	for _, p := range []*page{
		pageBadRequest, pageNotOurs, pageForbidden, pageNotFound, pageMethod, pageFinished, pageOver,
		pageMisdirected, pageReading, pageUnexpected, pageTooLarge,
	} {
		bodies[string(p.body)] = true
	}
	return bodies
}

// Random returns a state, nonce or one-time value.
var Random = random

// LoopbackHosts replaces the loopback addresses during a test.
func LoopbackHosts(t *testing.T, hosts ...string) {
	before := loopbackHosts
	loopbackHosts = hosts
	t.Cleanup(func() { loopbackHosts = before })
}

// Serve answers a connection of a test.
func Serve(f *Flow, port int, conn net.Conn) { f.serve(port, conn, conn, func() {}) }

// Answer is the content of a callback's query.
type Answer struct{ State, Code, Error string }

// ParseAnswer reads a callback's query.
func ParseAnswer(query string) (Answer, bool) {
	a, ok := parseAnswer(query)
	return Answer{a.state, a.code, a.errorCode}, ok
}

// Accepted returns the accepted answer of an attempt.
func Accepted(a *Attempt) Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	return Answer{a.first.state, a.first.code, a.first.errorCode}
}

// Expire ends the time limit of an attempt, or the life of a page, now.
func Expire(a *Attempt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.timer.Reset(0)
}

// ReadTokenResponse exchanges a code at a server that gives one answer.
func ReadTokenResponse(status int, kind, body string) (backend.Token, error) {
	a := testAttempt()
	a.flow.HTTP = &http.Client{Transport: reply(func() *http.Response {
		return &http.Response{
			StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)),
		}
	}), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, _, err := a.post(context.Background(), "code")
	return got.token, err
}

type reply func() *http.Response

func (r reply) RoundTrip(*http.Request) (*http.Response, error) { return r(), nil }

func testAttempt() *Attempt {
	a := &Attempt{flow: &Flow{}, server: Server{Issuer: "i"}, nonce: "n"}
	a.config.ClientID, a.config.Endpoint.TokenURL = "c", "http://localhost/token"
	return a
}
