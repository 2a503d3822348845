package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/identity"
	"bookring/backend/simxero/world"
)

// request is an unanswered authorization request (RFC 6749 section 4.1.1).
type request struct {
	id, client, redirect, state, nonce, challenge string
	scopes                                        []string
	bulk                                          bool
}

// Authorize checks an authorization request. As at Xero, the browser shows the error of a bad request, and the app
// gets no answer.
func (s *Site) Authorize(r *http.Request) answer.Answer {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return s.fail("invalid_request : malformed query")
	}
	for name, values := range q {
		if len(values) > 1 {
			return s.fail("invalid_request : duplicate " + name)
		}
	}
	client := s.state.Clients[q.Get("client_id")]
	if problem := refusal(client, q); problem != "" {
		return s.fail(problem)
	}
	req := &request{
		id: world.NewGUID(), client: client.ID, redirect: q.Get("redirect_uri"),
		state: q.Get("state"), nonce: q.Get("nonce"), challenge: q.Get("code_challenge"),
		scopes: strings.Fields(q.Get("scope")),
		bulk:   client.Bulk && !slices.Contains(strings.Fields(q.Get("acr_values")), "bulk_connect:false"),
	}
	s.requests[req.id] = req
	if s.user(r) == nil {
		return answer.SeeOther("/identity/login?consentId=" + req.id)
	}
	return answer.SeeOther("/consent?consentId=" + req.id)
}

// refusal returns the text of Xero's error page for a bad request, or "".
func refusal(client *world.Client, q url.Values) string {
	if client == nil || client.Disabled {
		return "unauthorized_client : Unknown client or client not enabled"
	}
	if !slices.Contains(client.RedirectAddresses, q.Get("redirect_uri")) {
		return "unauthorized_client : Invalid redirect_uri"
	}
	if q.Get("response_type") != "code" {
		return "unsupported_response_type"
	}
	scopes := strings.Fields(q.Get("scope"))
	if len(scopes) == 0 {
		return "invalid_scope"
	}
	for _, scope := range scopes {
		if !scopeExists(scope) {
			return "invalid_scope"
		}
		if !mayRequest(client, scope) {
			return "unauthorized_client : Invalid scope for client"
		}
	}
	if q.Get("code_challenge") == "" {
		return "invalid_request : code challenge required"
	}
	if q.Get("code_challenge_method") != "S256" {
		return "invalid_request : Transform algorithm not supported"
	}
	// SHA-256 in base64url without padding has 43 characters (RFC 7636 section 4.2).
	if !identity.PKCEText(q.Get("code_challenge"), 43, 43) {
		return "invalid_request : Invalid code challenge"
	}
	return ""
}

// sendBack answers a request with a code for the user.
func (s *Site) sendBack(req *request, user *world.Person, event string) answer.Answer {
	code := s.issuer.NewCode(identity.Consent{
		Person: user.ID, Client: req.client, Scopes: req.scopes, Event: event, Nonce: req.nonce,
	}, req.redirect, req.challenge)
	return s.callBack(req, []field{
		{"code", code},
		{"scope", strings.Join(req.scopes, " ")},
		{"state", req.state},
		{"session_state", world.RandomText(43) + "." + world.RandomText(22)},
		{"iss", s.state.Switches.CallbackIssuer},
	})
}

type field struct{ name, value string }

// callBack ends a request and redirects the browser to the app. The query has the non-empty fields in order.
func (s *Site) callBack(req *request, fields []field) answer.Answer {
	delete(s.requests, req.id)
	var query []string
	for _, f := range fields {
		if f.value != "" {
			query = append(query, f.name+"="+url.QueryEscape(f.value))
		}
	}
	separator := "?"
	if strings.Contains(req.redirect, "?") {
		separator = "&"
	}
	return answer.SeeOther(req.redirect + separator + strings.Join(query, "&"))
}
