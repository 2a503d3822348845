// Package identity simulates the host identity.xero.com: discovery, keys, tokens, userinfo and revocation.
package identity

import (
	"net/http"
	"time"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

// Issuer issues and checks tokens. An Issuer is not safe for concurrent use.
type Issuer struct {
	state *world.State
	// address is the issuer identifier. signIn is the base address of the sign-in pages.
	address, signIn string

	grants  []*grant
	codes   map[string]*code
	access  map[string]*access
	refresh map[string]*refresh
	secrets map[string]bool
}

// New returns an issuer without tokens.
func New(st *world.State, address, signInAddress string) *Issuer {
	return &Issuer{
		state: st, address: address, signIn: signInAddress,
		codes: map[string]*code{}, access: map[string]*access{}, refresh: map[string]*refresh{}, secrets: map[string]bool{},
	}
}

// Scopes are the scopes of OpenID Connect that every client may request.
var Scopes = []string{"openid", "profile", "email", "offline_access"}

// Discovery answers OpenID Connect Discovery 1.0 section 4. As at Xero, the authorization endpoint has another host
// than the issuer.
func (i *Issuer) Discovery(*http.Request) answer.Answer {
	limit := i.state.Switches.DiscoveryPerMinute
	if limit > 0 && !i.state.Count("discovery", time.Minute, limit).Allowed {
		return answer.EdgePage(http.StatusForbidden)
	}
	return answer.JSON(http.StatusOK, map[string]any{
		"issuer":                                i.address,
		"jwks_uri":                              i.address + "/.well-known/openid-configuration/jwks",
		"authorization_endpoint":                i.signIn + "/identity/connect/authorize",
		"token_endpoint":                        i.address + "/connect/token",
		"userinfo_endpoint":                     i.address + "/connect/userinfo",
		"end_session_endpoint":                  i.signIn + "/identity/connect/endsession",
		"revocation_endpoint":                   i.address + "/connect/revocation",
		"scopes_supported":                      Scopes,
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

// Keys answers with the public signing key (RFC 7517).
func (i *Issuer) Keys(*http.Request) answer.Answer {
	return answer.JSON(http.StatusOK, map[string]any{"keys": []map[string]any{publicKey()}})
}

// UserInfo answers OpenID Connect Core 1.0 section 5.3.
func (i *Issuer) UserInfo(r *http.Request) answer.Answer {
	c, refusal := i.Bearer(r)
	if refusal != nil {
		return *refusal
	}
	claims := map[string]any{}
	addProfile(claims, i.state.People[c.Person], c.Scopes)
	return answer.JSON(http.StatusOK, claims)
}
