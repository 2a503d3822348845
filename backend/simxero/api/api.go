// Package api simulates the host api.xero.com: connections, organisations and limits.
package api

import (
	"net/http"
	"slices"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/identity"
	"bookring/backend/simxero/world"
)

// API answers the calls. An API is not safe for concurrent use.
type API struct {
	state  *world.State
	issuer *identity.Issuer
	// running counts the calls in progress by app and organisation.
	running map[string]int
}

// New returns an API that accepts the access tokens of an issuer.
func New(st *world.State, issuer *identity.Issuer) *API {
	return &API{state: st, issuer: issuer, running: map[string]int{}}
}

// admit returns the consent behind a call outside of any organisation, and the header that belongs into the answer.
func (a *API) admit(r *http.Request) (identity.Consent, http.Header, *answer.Answer) {
	c, refusal := a.issuer.Bearer(r)
	if refusal != nil {
		return c, nil, refusal
	}
	header, refusal := a.limitApp(c.Client)
	return c, header, refusal
}

// refuse returns an error with a further header.
func (a *API) refuse(status int, detail string, header http.Header) *answer.Answer {
	refusal := answer.APIError(a.state, status, detail).WithAll(header)
	return &refusal
}

// needScope refuses a consent without any of the scopes.
func (a *API) needScope(c identity.Consent, scopes ...string) *answer.Answer {
	if slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(c.Scopes, scope) }) {
		return nil
	}
	return a.refuse(http.StatusUnauthorized, "AuthorizationUnsuccessful",
		http.Header{"Www-Authenticate": {`Bearer error="insufficient_scope"`}})
}
