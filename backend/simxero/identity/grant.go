package identity

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

// Consent is a user's consent to a client.
type Consent struct {
	Person, Client string // IDs
	Scopes         []string
	Event          string // authentication_event_id
	Nonce          string
}

// grant is a consent and the tokens issued for the consent.
type grant struct {
	Consent
	session  string // sid and global_session_id
	signedIn time.Time
	ended    bool
	// renewals holds a context for each renewal in progress. The context ends when the client gives up.
	renewals []context.Context
}

func (i *Issuer) newGrant(c Consent) *grant {
	return &grant{Consent: c, session: strings.ToLower(world.RandomHex(32)), signedIn: i.state.Now()}
}

// Grant grants a consent without a browser and returns the first refresh token.
func (i *Issuer) Grant(c Consent) (refreshToken string) {
	g := i.newGrant(c)
	i.grants = append(i.grants, g)
	return i.newRefresh(g)
}

// Answer grants a consent without a browser and returns the token answer.
func (i *Issuer) Answer(c Consent) answer.Answer {
	g := i.newGrant(c)
	i.grants = append(i.grants, g)
	return i.issue(g)
}

// EndTokens ends every token of a user for a client. The connections remain.
func (i *Issuer) EndTokens(person, client string) {
	for _, g := range i.grants {
		if g.Person == person && g.Client == client {
			g.ended = true
		}
	}
}

// Revoke ends a user's consent to a client: every token and every connection.
func (i *Issuer) Revoke(person, client string) {
	i.EndTokens(person, client)
	for _, c := range i.state.Connections(person, client) {
		i.state.Disconnect(c.Link)
	}
	i.state.Record(world.Event{Kind: world.Revoked, Person: person, Client: client})
}

// Revocation answers RFC 7009. As at Xero, revoking one token ends the user's consent to the app. The answer is the
// same for an unknown token.
func (i *Issuer) Revocation(r *http.Request) answer.Answer {
	var g *grant
	token := r.PostForm.Get("token")
	if t := i.refresh[token]; t != nil {
		g = t.grant
	} else if t := i.access[token]; t != nil {
		g = t.grant
	}
	if g != nil && !g.ended {
		i.Revoke(g.Person, g.Client)
	}
	return answer.New(http.StatusOK, "", nil)
}

// Bearer returns the consent behind a request's access token, or a refusal (RFC 6750 section 3).
func (i *Issuer) Bearer(r *http.Request) (Consent, *answer.Answer) {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	t := i.access[value]
	if !strings.EqualFold(scheme, "Bearer") || t == nil || t.grant.ended {
		refusal := answer.APIError(i.state, http.StatusUnauthorized, "AuthenticationUnsuccessful").
			With("WWW-Authenticate", "Bearer")
		return Consent{}, &refusal
	}
	if !i.state.Now().Before(t.expires) {
		detail := "TokenExpired: token expired at " + t.expires.UTC().Format("01/02/2006 15:04:05")
		refusal := answer.APIError(i.state, http.StatusUnauthorized, detail).
			With("WWW-Authenticate", `Bearer error="invalid_token"`)
		return Consent{}, &refusal
	}
	return t.grant.Consent, nil
}

// Secrets returns every authorization code and every token issued so far, in random order.
func (i *Issuer) Secrets() []string { return slices.Collect(maps.Keys(i.secrets)) }

// Learn adds the tokens of a token answer to [Issuer.Secrets]. A fault can have changed the tokens since their issue.
func (i *Issuer) Learn(body []byte) {
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil {
		return
	}
	for _, name := range []string{"id_token", "access_token", "refresh_token"} {
		value, _ := fields[name].(string)
		if value != "" {
			i.secret(value)
		}
	}
}

func (i *Issuer) secret(value string) string {
	i.secrets[value] = true
	return value
}
