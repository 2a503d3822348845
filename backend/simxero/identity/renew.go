package identity

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

const (
	// refreshLife is the validity of an unused refresh token.
	refreshLife = 60 * 24 * time.Hour
	// usualGrace is the grace period: the validity of a refresh token after the first use, for clients that missed
	// the answer.
	usualGrace = 30 * time.Minute
	// refreshLength was measured by a developer. Xero documents no length.
	refreshLength = 256
)

// refresh is an issued refresh token.
type refresh struct {
	grant  *grant
	issued time.Time
	used   time.Time // first use, zero before
}

func (i *Issuer) newRefresh(g *grant) string {
	value := i.secret(world.RandomText(cmp.Or(i.state.Switches.RefreshLength, refreshLength)))
	i.refresh[value] = &refresh{grant: g, issued: i.state.Now()}
	return value
}

// renew returns new tokens for a refresh token (RFC 6749 section 6). Each renewal returns a new refresh token.
func (i *Issuer) renew(f url.Values) answer.Answer {
	t := i.refresh[f.Get("refresh_token")]
	if t == nil || t.grant.Client != f.Get("client_id") {
		return i.refuseRenewal(Consent{Client: f.Get("client_id")}, "unknown token", "")
	}
	if t.grant.ended {
		return i.refuseRenewal(t.grant.Consent, "revoked", "")
	}
	now, kind := i.state.Now(), world.RenewedAgain
	switch {
	case t.used.IsZero() && now.Sub(t.issued) > refreshLife:
		return i.refuseRenewal(t.grant.Consent, "60 days unused", "")
	case t.used.IsZero():
		t.used, kind = now, world.Renewed
	case now.Sub(t.used) > cmp.Or(i.state.Switches.Grace, usualGrace):
		return i.refuseRenewal(t.grant.Consent, "used before, and the grace is over", "Refresh token has been consumed")
	}
	// The tokens of an earlier answer remain valid (choice).
	i.state.Record(world.Event{Kind: kind, Person: t.grant.Person, Client: t.grant.Client})
	return i.issue(t.grant)
}

// Owner returns the ID of the user of a refresh token, or "".
func (i *Issuer) Owner(refreshToken string) string {
	if t := i.refresh[refreshToken]; t != nil {
		return t.grant.Person
	}
	return ""
}

func (i *Issuer) refuseRenewal(c Consent, reason, description string) answer.Answer {
	i.state.Record(world.Event{Kind: world.RenewalRefused, Person: c.Person, Client: c.Client, Detail: reason})
	return answer.OAuthError("invalid_grant", description)
}

// Present starts a renewal with a refresh token. The caller calls done at the end of the renewal. The context ends
// when the client gives up. Present records [world.RenewedTwiceAtOnce] if the client of another renewal of the same
// sign-in is still waiting.
func (i *Issuer) Present(ctx context.Context, refreshToken string) (done func()) {
	t := i.refresh[refreshToken]
	if t == nil {
		return func() {}
	}
	g := t.grant
	for _, other := range g.renewals {
		if other.Err() == nil {
			i.state.Record(world.Event{Kind: world.RenewedTwiceAtOnce, Person: g.Person, Client: g.Client})
		}
	}
	g.renewals = append(g.renewals, ctx)
	return func() {
		g.renewals = slices.DeleteFunc(g.renewals, func(other context.Context) bool { return other == ctx })
	}
}
