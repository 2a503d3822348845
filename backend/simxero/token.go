package simxero

import (
	"crypto/sha256"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The lives of the tokens.
const (
	accessLife   = 30 * time.Minute
	identityLife = 5 * time.Minute
)

// access is an access token that was issued.
type access struct {
	grant   *grant
	expires time.Time
}

// token answers the token endpoint (RFC 6749 section 3.2) for clients without a
// secret.
func (s *Server) token(r *http.Request) answer {
	f := r.PostForm
	var a answer
	switch {
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		a = oauthError("unsupported_grant_type", "")
	case r.Header.Get("Authorization") != "":
		// These clients have no secret, so there is nothing to present.
		a = oauthError("invalid_client", "")
	case f.Get("client_id") == "":
		a = oauthError("unauthorized_client", "")
	case s.state.clients[f.Get("client_id")] == nil || s.state.clients[f.Get("client_id")].Disabled:
		a = oauthError("invalid_client", "")
	case f.Get("grant_type") == "authorization_code":
		a = s.exchange(f)
	case f.Get("grant_type") == "refresh_token":
		a = s.renew(f)
	default:
		a = oauthError("unsupported_grant_type", "")
	}
	return a.with("Cache-Control", "no-store, no-cache, max-age=0").with("Pragma", "no-cache")
}

func oauthError(code, description string) answer {
	fields := map[string]string{"error": code}
	if description != "" {
		fields["error_description"] = description
	}
	return jsonAnswer(http.StatusBadRequest, fields)
}

// exchange turns a code into tokens (RFC 6749 section 4.1.3, RFC 7636 section
// 4.6). A code is used up by any attempt, also one that is refused.
func (s *Server) exchange(f url.Values) answer {
	c := s.state.codes[f.Get("code")]
	if c == nil || c.client != f.Get("client_id") {
		return oauthError("invalid_grant", "")
	}
	used := c.used
	c.used = true
	verifier := f.Get("code_verifier")
	challenge := sha256.Sum256([]byte(verifier))
	if used || s.now().Sub(c.issued) > codeLife || c.redirect != f.Get("redirect_uri") ||
		!pkceText(verifier, 43, 128) || base64url(challenge[:]) != c.challenge {
		return oauthError("invalid_grant", "")
	}
	if s.state.switches.EndOlderTokens {
		s.endGrants(c.grant.person, c.grant.client)
	}
	s.state.grants = append(s.state.grants, c.grant)
	s.happened(Event{Kind: CodeExchanged, Person: c.grant.person, Client: c.client})
	return s.issue(c.grant)
}

// issue makes a new set of tokens for a grant.
func (s *Server) issue(g *grant) answer {
	now := s.now()
	accessToken := s.state.secret(sign(jwtHeader(), s.accessClaims(g, now)))
	s.state.access[accessToken] = &access{g, now.Add(accessLife)}
	fields := map[string]any{
		"access_token": accessToken,
		"expires_in":   seconds(accessLife),
		"token_type":   "Bearer",
		"scope":        strings.Join(g.scopes, " "),
	}
	if slices.Contains(g.scopes, "openid") {
		fields["id_token"] = s.state.secret(sign(jwtHeader(), s.identityClaims(g, now, accessToken)))
	}
	if slices.Contains(g.scopes, "offline_access") {
		fields["refresh_token"] = s.newRefresh(g)
	}
	return jsonAnswer(http.StatusOK, fields)
}

func (s *Server) accessClaims(g *grant, now time.Time) map[string]any {
	p := s.state.people[g.person]
	return map[string]any{
		"nbf": now.Unix(), "exp": now.Add(accessLife).Unix(), "iat": now.Unix(),
		"iss": s.Issuer(), "aud": s.Issuer() + "/resources", "client_id": g.client,
		"sub": p.Subject, "auth_time": g.signedIn.Unix(), "xero_userid": p.ID,
		"global_session_id": g.session, "sid": g.session, "jti": randomHex(32),
		"authentication_event_id": g.event, "scope": g.scopes, "amr": []string{"pwd"},
	}
}

func (s *Server) identityClaims(g *grant, now time.Time, accessToken string) map[string]any {
	sum := sha256.Sum256([]byte(accessToken))
	p := s.state.people[g.person]
	claims := map[string]any{
		"nbf": now.Unix(), "exp": now.Add(identityLife).Unix(), "iat": now.Unix(),
		"iss": s.Issuer(), "aud": g.client, "at_hash": base64url(sum[:16]),
		"sid": g.session, "global_session_id": g.session, "auth_time": g.signedIn.Unix(),
	}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	s.profile(claims, p, g.scopes)
	return claims
}

// profile adds what the scopes tell of a person.
func (s *Server) profile(claims map[string]any, p *Person, scopes []string) {
	claims["sub"], claims["xero_userid"] = p.Subject, p.ID
	if slices.Contains(scopes, "profile") {
		claims["preferred_username"], claims["name"] = p.Email, p.Name()
		claims["given_name"], claims["family_name"] = p.GivenName, p.FamilyName
	}
	if slices.Contains(scopes, "email") {
		claims["email"] = p.Email
	}
}
