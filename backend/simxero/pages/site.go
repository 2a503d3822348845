// Package pages simulates the hosts login.xero.com and authorize.xero.com: the pages for sign-in, consent and logout.
package pages

import (
	"net/http"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/identity"
	"bookring/backend/simxero/world"
)

// Site serves the pages. A Site is not safe for concurrent use.
type Site struct {
	state  *world.State
	issuer *identity.Issuer

	sessions map[string]string // user ID by cookie
	requests map[string]*request
	errors   map[string]string // text by errorId
}

// New returns a site without sessions. The issuer issues the codes.
func New(st *world.State, issuer *identity.Issuer) *Site {
	return &Site{
		state: st, issuer: issuer,
		sessions: map[string]string{}, requests: map[string]*request{}, errors: map[string]string{},
	}
}

// LimitPage answers for a client without free connections.
func (s *Site) LimitPage(r *http.Request) answer.Answer {
	client := s.state.Clients[r.URL.Query().Get("clientId")]
	if client == nil {
		client = &world.Client{Name: "This app"}
	}
	return page(http.StatusOK, "limit", client)
}

// ErrorPage answers with the text of an error. As at Xero, the page does not lead back to the app.
func (s *Site) ErrorPage(r *http.Request) answer.Answer {
	return page(http.StatusInternalServerError, "error", s.errors[r.URL.Query().Get("errorId")])
}

// fail redirects the browser to the error page.
func (s *Site) fail(text string) answer.Answer {
	id := world.RandomText(32)
	s.errors[id] = text
	s.state.Record(world.Event{Kind: world.ErrorPage, Detail: text})
	return answer.SeeOther("/identity/error?errorId=" + id)
}

// unknownRequest answers for an authorization request that does not exist or has been answered.
func (s *Site) unknownRequest() answer.Answer {
	return s.fail("invalid_request : the sign-in has ended")
}
