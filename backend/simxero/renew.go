package simxero

import (
	"net/http"
	"net/url"
	"time"
)

const (
	// refreshLife is how long a refresh token may lie unused.
	refreshLife = 60 * 24 * time.Hour
	// grace is how long a refresh token works after its first use, for clients
	// that never saw the answer.
	grace = 30 * time.Minute
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
	if now.Sub(t.used) > grace {
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
