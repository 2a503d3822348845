package simxero

import (
	"fmt"
	"net/http"
	"time"
)

// issuer is the host that identity.xero.com is.
func (s *Server) issuer() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", s.serve(Discovery, s.discovery))
	mux.HandleFunc("GET /.well-known/openid-configuration/jwks", s.serve(Keys, s.keys))
	mux.HandleFunc("POST /connect/token", s.serve(Token, s.token))
	mux.HandleFunc("POST /connect/revocation", s.serve(Revocation, s.revocation))
	mux.HandleFunc("/connect/userinfo", s.serve(UserInfo, s.userInfo))
	mux.HandleFunc("/", s.serve(Unknown, notThere))
	return mux
}

// discovery answers OpenID Connect Discovery 1.0 section 4. The authorization
// endpoint is on another host than the issuer, as at Xero.
func (s *Server) discovery(*http.Request) answer {
	if limit := s.state.switches.DiscoveryPerMinute; limit > 0 {
		if !s.state.limits.take("discovery", time.Minute, limit, s.now()).allowed {
			return newAnswer(http.StatusForbidden, "text/html", []byte(edgePage(http.StatusForbidden)))
		}
	}
	issuer, pages := s.Issuer(), s.SignInBase()
	return jsonAnswer(http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"jwks_uri":                              issuer + "/.well-known/openid-configuration/jwks",
		"authorization_endpoint":                pages + "/identity/connect/authorize",
		"token_endpoint":                        issuer + "/connect/token",
		"userinfo_endpoint":                     issuer + "/connect/userinfo",
		"end_session_endpoint":                  pages + "/identity/connect/endsession",
		"revocation_endpoint":                   issuer + "/connect/revocation",
		"scopes_supported":                      identityScopes,
		"claims_supported":                      []string{"sub", "name", "given_name", "family_name", "preferred_username", "email", "xero_userid"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"code_challenge_methods_supported":      []string{"S256"},
	})
}

func (s *Server) keys(*http.Request) answer { return jsonAnswer(http.StatusOK, publicKeys()) }

// userInfo answers OpenID Connect Core 1.0 section 5.3.
func (s *Server) userInfo(r *http.Request) answer {
	a, refusal := s.bearer(r)
	if refusal != nil {
		return *refusal
	}
	claims := map[string]any{}
	s.profile(claims, s.state.people[a.grant.person], a.grant.scopes)
	return jsonAnswer(http.StatusOK, claims)
}

// edgePage is what the network before Xero shows in Xero's place.
func edgePage(status int) string {
	return fmt.Sprintf(`<html><head><title>%[1]s</title></head><body><h1>%[1]s</h1>
<p>You don't have permission to access this resource on this server.</p><p>Reference #18.%d</p></body></html>`,
		http.StatusText(status), status)
}
