package identity

import (
	"crypto/sha256"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

// The validity periods of tokens and codes.
const (
	accessLife = 30 * time.Minute
	codeLife   = 5 * time.Minute
	// IDTokenLife is the validity of an identity token.
	IDTokenLife = 5 * time.Minute
)

// access is an issued access token.
type access struct {
	grant   *grant
	expires time.Time
}

// code is an issued authorization code.
type code struct {
	grant               *grant
	redirect, challenge string
	issued              time.Time
	used                bool
}

// NewCode issues an authorization code for a consent. The exchange must send the same redirect address, and a
// verifier that matches the challenge (RFC 7636).
func (i *Issuer) NewCode(c Consent, redirect, challenge string) string {
	value := i.secret(world.RandomText(43))
	i.codes[value] = &code{grant: i.newGrant(c), redirect: redirect, challenge: challenge, issued: i.state.Now()}
	return value
}

// Token answers the token endpoint (RFC 6749 section 3.2). Clients have no secret.
func (i *Issuer) Token(r *http.Request) answer.Answer {
	f := r.PostForm
	client := i.state.Clients[f.Get("client_id")]
	var a answer.Answer
	switch {
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		a = answer.OAuthError("unsupported_grant_type", "")
	case r.Header.Get("Authorization") != "":
		a = answer.OAuthError("invalid_client", "")
	case f.Get("client_id") == "":
		a = answer.OAuthError("unauthorized_client", "")
	case client == nil || client.Disabled:
		a = answer.OAuthError("invalid_client", "")
	case f.Get("grant_type") == "authorization_code":
		a = i.exchange(f)
	case f.Get("grant_type") == "refresh_token":
		a = i.renew(f)
	default:
		a = answer.OAuthError("unsupported_grant_type", "")
	}
	return a.With("Cache-Control", "no-store, no-cache, max-age=0").With("Pragma", "no-cache")
}

// exchange returns tokens for a code (RFC 6749 section 4.1.3, RFC 7636 section 4.6). A refused exchange uses up the
// code too.
func (i *Issuer) exchange(f url.Values) answer.Answer {
	c := i.codes[f.Get("code")]
	if c == nil || c.grant.Client != f.Get("client_id") {
		return answer.OAuthError("invalid_grant", "")
	}
	used := c.used
	c.used = true
	verifier := f.Get("code_verifier")
	challenge := sha256.Sum256([]byte(verifier))
	if used || i.state.Now().Sub(c.issued) > codeLife || c.redirect != f.Get("redirect_uri") ||
		!PKCEText(verifier, 43, 128) || base64url(challenge[:]) != c.challenge {
		return answer.OAuthError("invalid_grant", "")
	}
	if i.state.Switches.EndOlderTokens {
		i.EndTokens(c.grant.Person, c.grant.Client)
	}
	i.grants = append(i.grants, c.grant)
	i.state.Record(world.Event{Kind: world.CodeExchanged, Person: c.grant.Person, Client: c.grant.Client})
	return i.issue(c.grant)
}

// PKCEText reports whether a text has least to most characters of the alphabet of RFC 7636 section 4.1.
func PKCEText(text string, least, most int) bool {
	if len(text) < least || len(text) > most {
		return false
	}
	return strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == ""
}

// issue returns a new set of tokens for a grant.
func (i *Issuer) issue(g *grant) answer.Answer {
	now := i.state.Now()
	accessToken := i.secret(Sign(JWTHeader(), i.accessClaims(g, now)))
	if i.state.Switches.OpaqueTokens {
		accessToken = i.secret(world.RandomText(refreshLength))
	}
	i.access[accessToken] = &access{g, now.Add(accessLife)}
	fields := map[string]any{
		"access_token": accessToken,
		"expires_in":   int64(accessLife.Seconds()),
		"token_type":   "Bearer",
		"scope":        strings.Join(g.Scopes, " "),
	}
	if slices.Contains(g.Scopes, "openid") {
		fields["id_token"] = i.secret(Sign(JWTHeader(), i.identityClaims(g, now, accessToken)))
	}
	if slices.Contains(g.Scopes, "offline_access") {
		fields["refresh_token"] = i.newRefresh(g)
	}
	return answer.JSON(http.StatusOK, fields)
}

func (i *Issuer) accessClaims(g *grant, now time.Time) map[string]any {
	p := i.state.People[g.Person]
	return map[string]any{
		"nbf": now.Unix(), "exp": now.Add(accessLife).Unix(), "iat": now.Unix(),
		"iss": i.address, "aud": i.address + "/resources", "client_id": g.Client,
		"sub": p.Subject, "auth_time": g.signedIn.Unix(), "xero_userid": p.ID,
		"global_session_id": g.session, "sid": g.session, "jti": world.RandomHex(32),
		"authentication_event_id": g.Event, "scope": g.Scopes, "amr": []string{"pwd"},
	}
}

func (i *Issuer) identityClaims(g *grant, now time.Time, accessToken string) map[string]any {
	sum := sha256.Sum256([]byte(accessToken))
	claims := map[string]any{
		"nbf": now.Unix(), "exp": now.Add(IDTokenLife).Unix(), "iat": now.Unix(),
		"iss": i.address, "aud": g.Client, "at_hash": base64url(sum[:16]),
		"sid": g.session, "global_session_id": g.session, "auth_time": g.signedIn.Unix(),
	}
	if g.Nonce != "" {
		claims["nonce"] = g.Nonce
	}
	addProfile(claims, i.state.People[g.Person], g.Scopes)
	return claims
}

// addProfile adds a user's claims, as far as the scopes permit.
func addProfile(claims map[string]any, p *world.Person, scopes []string) {
	claims["sub"], claims["xero_userid"] = p.Subject, p.ID
	if slices.Contains(scopes, "profile") {
		claims["preferred_username"], claims["name"] = p.Email, p.Name()
		claims["given_name"], claims["family_name"] = p.GivenName, p.FamilyName
	}
	if slices.Contains(scopes, "email") {
		claims["email"] = p.Email
	}
}
