package oauth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

const renewing = "renewed a sign-in"

// signedIn is a scene after a sign-in, with the key and the token set.
func signedIn(t *testing.T) (*scene, backend.SignInKey, backend.Token) {
	t.Helper()
	s := start(t)
	e := s.signIn()
	if e.err != nil {
		t.Fatal(e.err)
	}
	return s, e.grant.SignIn.SignInKey, e.grant.Token
}

func TestARenewalReturnsTheNextTokenSet(t *testing.T) {
	s, key, before := signedIn(t)
	after, err := s.flow.Renew(t.Context(), key, before.Refresh)
	if err != nil {
		t.Fatal(err)
	}
	if after.Refresh.Equal(before.Refresh) || after.Access.Equal(before.Access) {
		t.Error("nothing is new")
	}
	if life := time.Until(after.Expires); life < 29*time.Minute || life > 30*time.Minute {
		t.Errorf("lives %v", life)
	}
	if !slices.Contains(after.Scopes, "accounting.settings.read") {
		t.Errorf("scopes %v", after.Scopes)
	}
	requests := s.xero.Requests(simxero.Renewal)
	if len(requests) != 1 {
		t.Fatalf("%d requests", len(requests))
	}
	form := requests[0].Form
	for name, want := range map[string]string{
		"grant_type": "refresh_token", "client_id": simxero.DemoClientID, "refresh_token": before.Refresh.Reveal(),
	} {
		if got := form[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is sent %d times, or wrong", name, len(got))
		}
	}
	if len(form) != 3 || requests[0].Header.Get("Authorization") != "" {
		t.Errorf("%d fields, Authorization %t", len(form), requests[0].Header.Get("Authorization") != "")
	}
}

func TestARenewalIsOneRequestForEveryAnswer(t *testing.T) {
	s, key, token := signedIn(t)
	for _, c := range []struct {
		name   string
		fault  simxero.Fault
		code   backend.Code
		detail string
	}{
		{"invalid_grant", simxero.OAuthFault("invalid_grant", "Refresh token has been consumed"), backend.SignInEnded, ""},
		{"invalid_client", simxero.OAuthFault("invalid_client", ""), backend.ClientIDRefused, ""},
		{"unauthorized_client", simxero.OAuthFault("unauthorized_client", ""), backend.ClientIDRefused, ""},
		{"invalid_request", simxero.OAuthFault("invalid_request", ""), backend.XeroRefusedRequest, renewing},
		{"400 without an error", simxero.StatusFault(400), backend.XeroRefusedRequest, renewing},
		{"401", simxero.StatusFault(401), backend.XeroUnauthorised, renewing},
		{"403", simxero.StatusFault(403), backend.XeroForbidden, renewing},
		{"404", simxero.StatusFault(404), backend.XeroNotFound, renewing},
		{"429", simxero.RateLimited("minute", "60"), backend.XeroRateLimit, "in a minute"},
		{"500", simxero.StatusFault(500), backend.XeroError, renewing},
		{"503", simxero.StatusFault(503), backend.XeroUnavailable, ""},
		{"HTML with 400", simxero.EdgePage(400), backend.RefusedOnTheWay, ""},
		{"captive portal", simxero.CaptivePortal(200), backend.NetworkSignIn, ""},
		{"half a body", simxero.HalfBody(), backend.XeroUnreadable, renewing},
		{"nothing", simxero.EmptyBody(), backend.XeroUnreadable, renewing},
		{"HTML that says JSON", simxero.NotJSON(), backend.XeroUnreadable, renewing},
		{"more than 64 KB", simxero.Swollen(64 << 10), backend.XeroUnreadable, renewing},
		{"cut before the work", simxero.Dropped(), backend.XeroUnreadable, renewing},
		{"cut after the work", simxero.LostAnswer(), backend.XeroUnreadable, renewing},
		{"cut in the body", simxero.Fault{Lose: simxero.InTheBody}, backend.XeroUnreadable, renewing},
		{"cut at the end", simxero.Fault{Lose: simxero.AtTheEnd}, backend.XeroUnreadable, renewing},
		{"no access token", simxero.Without("access_token"), backend.XeroUnreadable, renewing},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(s.xero.Requests(simxero.Token))
			s.xero.Fail(simxero.Renewal, c.fault.Once())
			_, err := s.flow.Renew(t.Context(), key, token.Refresh)
			fails(t, err, c.code, c.detail)
			s.keepsSecrets(err.Error())
			if n := len(s.xero.Requests(simxero.Token)) - before; n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
	if _, err := s.flow.Renew(t.Context(), key, token.Refresh); err != nil {
		t.Errorf("within the grace, after all of that: %v", err)
	}
}

// The presented refresh token is consumed, so an imperfect answer is better than
// no answer.
func TestARenewalAcceptsEveryAnswerWithBothTokens(t *testing.T) {
	s, key, token := signedIn(t)
	for name, fault := range map[string]simxero.Fault{
		"no life":             simxero.Without("expires_in"),
		"ended long ago":      simxero.Replaced("expires_in", -1),
		"lives for years":     simxero.Replaced("expires_in", 1_000_000_000),
		"no token type":       simxero.Without("token_type"),
		"another token type":  simxero.Replaced("token_type", "mac"),
		"no identity token":   simxero.Without("id_token"),
		"a wrong one":         simxero.WrongIdentity(simxero.BadSignature),
		"no scopes":           simxero.Without("scope"),
		"fewer scopes":        simxero.Replaced("scope", "openid"),
		"scopes in a list":    simxero.Replaced("scope", oauth.Scopes),
		"unknown fields":      simxero.Swollen(10 << 10),
		"the life as a text":  simxero.Replaced("expires_in", "1800"),
		"a life in words":     simxero.Replaced("expires_in", "soon"),
		"a life in parts":     simxero.Replaced("expires_in", 1800.5),
		"a life in a list":    simxero.Replaced("expires_in", []int{1800}),
		"a very long life":    simxero.Replaced("expires_in", 1e30),
		"a type of a number":  simxero.Replaced("token_type", 5),
		"a type of a list":    simxero.Replaced("token_type", []string{"Bearer"}),
		"an error of null":    simxero.Replaced("error", nil),
		"an error of a list":  simxero.Replaced("error", []string{}),
		"an odd description":  simxero.Replaced("error_description", 5),
		"an odd address":      simxero.Replaced("error_uri", map[string]any{}),
		"scopes of a number":  simxero.Replaced("scope", 5),
		"scopes of null":      simxero.Replaced("scope", nil),
		"an odd identity":     simxero.Replaced("id_token", 5),
		"a token in capitals": simxero.Replaced("Access_Token", 5),
		"a token in between":  simxero.Replaced("refresh_TOKEN", "another"),
		"nothing out of line": {},
	} {
		t.Run(name, func(t *testing.T) {
			s.xero.Fail(simxero.Renewal, fault.Once())
			next, err := s.flow.Renew(t.Context(), key, token.Refresh)
			if err != nil {
				t.Fatal(err)
			}
			if next.Refresh.Equal(token.Refresh) {
				t.Error("the refresh token is the one before")
			}
			if life := time.Until(next.Expires); life < 29*time.Minute || life > 31*time.Minute {
				t.Errorf("lives %v", life)
			}
			token = next
		})
	}
}

func TestARefreshTokenIsNeverPresentedToAnotherIssuer(t *testing.T) {
	s, key, token := signedIn(t)
	key.Issuer = oauth.Xero.Issuer
	_, err := s.flow.Renew(t.Context(), key, token.Refresh)
	fails(t, err, backend.Unexpected, "")
	if n := len(s.xero.Requests(simxero.Renewal)); n != 0 {
		t.Errorf("%d requests", n)
	}
	real := alone(t) // a request would go to the real Xero
	key.Issuer = s.xero.Issuer()
	_, err = real.flow.Renew(t.Context(), key, token.Refresh)
	fails(t, err, backend.Unexpected, "")
}

func TestARefreshTokenIsNotSentToARedirectTarget(t *testing.T) {
	var strangers atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers.Add(1) }))
	defer other.Close()
	s, key, token := signedIn(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s.xero.Fail(simxero.Renewal, simxero.RedirectTo(status, other.URL).Once())
		_, err := s.flow.Renew(t.Context(), key, token.Refresh)
		fails(t, err, backend.NetworkSignIn, "")
	}
	if n := strangers.Load(); n != 0 {
		t.Errorf("the other host saw %d requests", n)
	}
}

func TestARenewalCanBeCancelled(t *testing.T) {
	s, key, token := signedIn(t)
	held := s.xero.Fail(simxero.Renewal, simxero.Stalled())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	s.running.Go(func() {
		_, err := s.flow.Renew(ctx, key, token.Refresh)
		ended <- err
	})
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	fails(t, <-ended, backend.Cancelled, "")
}
