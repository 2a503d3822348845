package simxero

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"
)

const (
	// refreshLife is how long a refresh token may lie unused.
	refreshLife = 60 * 24 * time.Hour
	// usualGrace is how long a refresh token works after its first use, for
	// clients that never saw the answer.
	usualGrace = 30 * time.Minute
	// refreshLength is what one developer measured.
	refreshLength = 256
)

// refresh is a refresh token that was issued.
type refresh struct {
	grant  *grant
	issued time.Time
	// used is when it was first presented; zero if never.
	used time.Time
}

func (s *Server) newRefresh(g *grant) string {
	value := s.state.secret(randomText(refreshLength))
	s.state.refresh[value] = &refresh{grant: g, issued: s.now()}
	return value
}

// renew turns a refresh token into a new set of tokens (RFC 6749 section 6).
// The refresh token changes every time.
func (s *Server) renew(f url.Values) answer {
	t := s.state.refresh[f.Get("refresh_token")]
	if t == nil || t.grant.client != f.Get("client_id") {
		return s.refuseRenewal(&grant{client: f.Get("client_id")}, "unknown token", "")
	}
	now := s.now()
	if t.grant.ended {
		return s.refuseRenewal(t.grant, "revoked", "")
	}
	if t.used.IsZero() {
		if now.Sub(t.issued) > refreshLife {
			return s.refuseRenewal(t.grant, "60 days unused", "")
		}
		t.used = now
		s.happened(Event{Kind: Renewed, Person: t.grant.person, Client: t.grant.client})
		return s.issue(t.grant)
	}
	if now.Sub(t.used) > cmp.Or(s.state.switches.Grace, usualGrace) {
		return s.refuseRenewal(t.grant, "used before, and the grace is over", "Refresh token has been consumed")
	}
	// The tokens that the first use brought stay good (choice): their loss is
	// why the client asks again.
	s.happened(Event{Kind: RenewedAgain, Person: t.grant.person, Client: t.grant.client})
	return s.issue(t.grant)
}

func (s *Server) refuseRenewal(g *grant, why, description string) answer {
	s.happened(Event{Kind: RenewalRefused, Person: g.person, Client: g.client, Detail: why})
	return oauthError("invalid_grant", description)
}

// present notes that a renewal is in work, until done is called, and says so if
// another of the same sign-in is, whose client still waits for it.
func (s *Server) present(ctx context.Context, e Endpoint, f url.Values) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.state.refresh[f.Get("refresh_token")]
	if e != Renewal || t == nil {
		return func() {}
	}
	g := t.grant
	for _, other := range g.renewals {
		if other.Err() == nil {
			s.happened(Event{Kind: RenewedTwiceAtOnce, Person: g.person, Client: g.client})
		}
	}
	g.renewals = append(g.renewals, ctx)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		g.renewals = slices.DeleteFunc(g.renewals, func(other context.Context) bool { return other == ctx })
	}
}

// revocation answers RFC 7009. At Xero it ends the person's consent to the app
// whole: every token and every connection. An unknown token is answered alike.
func (s *Server) revocation(r *http.Request) answer {
	var g *grant
	if t := s.state.refresh[r.PostForm.Get("token")]; t != nil {
		g = t.grant
	} else if t := s.state.access[r.PostForm.Get("token")]; t != nil {
		g = t.grant
	}
	if g != nil && !g.ended {
		s.revoke(g.person, g.client)
	}
	return newAnswer(http.StatusOK, "", nil)
}
