package simxero

import (
	"net/http"
	"slices"
	"strings"
)

// api is the host that api.xero.com is.
func (s *Server) api() http.Handler {
	mux := http.NewServeMux()
	// Xero's specification writes Connections, its own programs connections.
	for _, path := range []string{"/connections", "/Connections"} {
		mux.HandleFunc("GET "+path, s.serve(Connections, s.list))
		mux.HandleFunc("DELETE "+path+"/{id}", s.serve(Disconnect, s.remove))
	}
	mux.HandleFunc("GET /api.xro/2.0/Organisation", s.serve(Details, s.details))
	mux.HandleFunc("/", s.serve(Unknown, notThere))
	return mux
}

// bearer returns the access token of a request, or why it is refused
// (RFC 6750 section 3).
func (s *Server) bearer(r *http.Request) (*access, *answer) {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	a := s.state.access[value]
	if !strings.EqualFold(scheme, "Bearer") || a == nil || a.grant.ended {
		refusal := s.apiError(http.StatusUnauthorized, "AuthenticationUnsuccessful").
			with("WWW-Authenticate", "Bearer")
		return nil, &refusal
	}
	if !s.now().Before(a.expires) {
		refusal := s.apiError(http.StatusUnauthorized, "TokenExpired: token expired at "+
			a.expires.UTC().Format("01/02/2006 15:04:05")).
			with("WWW-Authenticate", `Bearer error="invalid_token"`)
		return nil, &refusal
	}
	return a, nil
}

// needScope refuses a token that has none of the scopes.
func (s *Server) needScope(a *access, scopes ...string) *answer {
	if slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(a.grant.scopes, scope) }) {
		return nil
	}
	refusal := s.apiError(http.StatusUnauthorized, "AuthorizationUnsuccessful").
		with("WWW-Authenticate", `Bearer error="insufficient_scope"`)
	return &refusal
}

// apiError is an error in the API's own shape. The case of its keys varies at
// Xero.
func (s *Server) apiError(status int, detail string) answer {
	title := http.StatusText(status)
	if status == http.StatusInternalServerError {
		title = "An error occurred"
	}
	fields := map[string]any{
		"Type": nil, "Title": title, "Status": status, "Detail": detail,
		"Instance": newGUID(), "Extensions": map[string]any{},
	}
	if s.state.switches.LowerCaseErrors {
		for key, value := range fields {
			delete(fields, key)
			fields[strings.ToLower(key)] = value
		}
	}
	return jsonAnswer(status, fields).with("xero-correlation-id", newGUID())
}

func (a answer) withAll(header http.Header) answer {
	for name, values := range header {
		a.header[name] = values
	}
	return a
}
