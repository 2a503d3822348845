package simxero

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// request is an authorization request (RFC 6749 section 4.1.1) that a person is
// working on.
type request struct {
	id, client, redirect, state, nonce, challenge string
	scopes                                        []string
	bulk                                          bool
}

// signInPages is the host that login.xero.com and authorize.xero.com are.
func (s *Server) signInPages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /identity/connect/authorize", s.serve(Authorize, s.authorize))
	mux.HandleFunc("GET /identity/login", s.serve(SignIn, s.signInPage))
	mux.HandleFunc("POST /identity/login", s.serve(SignIn, s.signIn))
	mux.HandleFunc("GET /consent", s.serve(Consent, s.consentPage))
	mux.HandleFunc("POST /consent", s.serve(Consent, s.decide))
	mux.HandleFunc("GET /connectionLimit", s.serve(OtherPage, s.limitPage))
	mux.HandleFunc("GET /identity/error", s.serve(OtherPage, s.errorPage))
	mux.HandleFunc("GET /logout", s.serve(OtherPage, s.logout))
	mux.HandleFunc("GET /identity/connect/endsession", s.serve(OtherPage, s.logout))
	mux.HandleFunc("GET /style.css", styleSheet)
	mux.HandleFunc("/", s.serve(Unknown, notThere))
	return mux
}

// authorize checks an authorization request. What is wrong with it is shown
// here and never sent back to the app, as at Xero.
func (s *Server) authorize(r *http.Request) answer {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return s.showError("invalid_request : malformed query")
	}
	for name, values := range q {
		if len(values) > 1 {
			return s.showError("invalid_request : duplicate " + name)
		}
	}
	client := s.state.clients[q.Get("client_id")]
	if problem := refusal(client, q); problem != "" {
		return s.showError(problem)
	}
	req := &request{
		id: newGUID(), client: client.ID, redirect: q.Get("redirect_uri"),
		state: q.Get("state"), nonce: q.Get("nonce"), challenge: q.Get("code_challenge"),
		scopes: strings.Fields(q.Get("scope")),
		bulk:   client.Bulk && !slices.Contains(strings.Fields(q.Get("acr_values")), "bulk_connect:false"),
	}
	s.state.requests[req.id] = req
	if _, signedIn := s.person(r); !signedIn {
		return seeOther("/identity/login?consentId=" + req.id)
	}
	return seeOther("/consent?consentId=" + req.id)
}

// refusal returns why a request cannot be accepted, in the words of Xero's
// error page, or "".
func refusal(client *Client, q url.Values) string {
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
		if !knownScope(scope) {
			return "invalid_scope"
		}
		if !client.mayAsk(scope) {
			return "unauthorized_client : Invalid scope for client"
		}
	}
	if q.Get("code_challenge") == "" {
		return "invalid_request : code challenge required"
	}
	if q.Get("code_challenge_method") != "S256" {
		return "invalid_request : Transform algorithm not supported"
	}
	// A SHA-256 in base64url without padding is 43 characters long (RFC 7636
	// section 4.2).
	if !pkceText(q.Get("code_challenge"), 43, 43) {
		return "invalid_request : Invalid code challenge"
	}
	return ""
}

// pkceText reports whether text is min to max characters of RFC 7636 section 4.1.
func pkceText(text string, least, most int) bool {
	if len(text) < least || len(text) > most {
		return false
	}
	return strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == ""
}

// code is an authorization code that was issued.
type code struct {
	request
	grant  *grant
	issued time.Time
	used   bool
}

// codeLife is how long a code may wait for its exchange.
const codeLife = 5 * time.Minute

// sendBack ends a request with a code for the person.
func (s *Server) sendBack(req *request, person, event string) answer {
	g := &grant{
		person: person, client: req.client, scopes: req.scopes, nonce: req.nonce,
		event: event, session: strings.ToLower(randomHex(32)), signedIn: s.now(),
	}
	value := s.state.secret(randomText(43))
	s.state.codes[value] = &code{request: *req, grant: g, issued: s.now()}
	delete(s.state.requests, req.id)
	return seeOther(callback(req.redirect, []field{
		{"code", value},
		{"scope", strings.Join(req.scopes, " ")},
		{"state", req.state},
		{"session_state", randomText(43) + "." + randomText(22)},
		{"iss", s.state.switches.CallbackIssuer},
	}))
}

type field struct{ name, value string }

// callback returns the redirect address with the fields that are not empty, in
// their order.
func callback(address string, fields []field) string {
	var query []string
	for _, f := range fields {
		if f.value != "" {
			query = append(query, f.name+"="+url.QueryEscape(f.value))
		}
	}
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + strings.Join(query, "&")
}

// showError sends the browser to the error page, which does not return.
func (s *Server) showError(text string) answer {
	id := randomText(32)
	s.state.errors[id] = text
	s.happened(Event{Kind: ErrorPage, Detail: text})
	return seeOther("/identity/error?errorId=" + id)
}
