package oauth_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

const asking = "asked Xero for access"

func TestEveryBadTokenResponseHasItsFailure(t *testing.T) {
	s := start(t)
	plain := simxero.Fault{Header: http.Header{"Content-Type": {"text/plain"}}}
	replaced := simxero.Replaced
	for _, c := range []struct {
		name   string
		fault  simxero.Fault
		code   backend.Code
		detail string
	}{
		{"400", simxero.StatusFault(400), backend.XeroRefusedRequest, asking},
		{"401", simxero.StatusFault(401), backend.XeroUnauthorised, asking},
		{"403", simxero.StatusFault(403), backend.XeroForbidden, asking},
		{"404", simxero.StatusFault(404), backend.XeroNotFound, asking},
		{"405", simxero.StatusFault(405), backend.XeroUnreadable, asking},
		{"429", simxero.RateLimited("minute", "42"), backend.XeroRateLimit, "in a minute"},
		{"429 for the day", simxero.RateLimited("day", ""), backend.XeroRateLimit, "tomorrow"},
		{"500", simxero.StatusFault(500), backend.XeroError, asking},
		{"502", simxero.StatusFault(502), backend.XeroUnavailable, ""},
		{"503", simxero.StatusFault(503), backend.XeroUnavailable, ""},
		{"504", simxero.EdgePage(504), backend.XeroUnavailable, ""},
		{"204", simxero.Fault{Status: 204}, backend.XeroUnreadable, asking},
		{"invalid_grant", simxero.OAuthFault("invalid_grant", ""), backend.CodeRefused, ""},
		{"invalid_client", simxero.OAuthFault("invalid_client", ""), backend.ClientIDRefused, ""},
		{"unauthorized_client", simxero.OAuthFault("unauthorized_client", ""), backend.ClientIDRefused, ""},
		{"invalid_scope", simxero.OAuthFault("invalid_scope", ""), backend.ScopeRefused, ""},
		{"PKCE unsupported", simxero.OAuthFault("invalid_request", "code_verifier is not supported"), backend.XeroRefusedRequest, asking},
		{"unsupported_grant_type", simxero.OAuthFault("unsupported_grant_type", ""), backend.XeroRefusedRequest, asking},
		{"an error with 200", replaced("error", "invalid_grant"), backend.CodeRefused, ""},
		{"HTML with 400", simxero.EdgePage(400), backend.RefusedOnTheWay, ""},
		{"HTML with 403", simxero.EdgePage(403), backend.RefusedOnTheWay, ""},
		{"captive portal 200", simxero.CaptivePortal(200), backend.NetworkSignIn, ""},
		{"captive portal 302", simxero.CaptivePortal(302), backend.NetworkSignIn, ""},
		{"captive portal 511", simxero.CaptivePortal(511), backend.NetworkSignIn, ""},
		{"another type", plain, backend.XeroUnreadable, asking},
		{"HTML that says JSON", simxero.NotJSON(), backend.XeroUnreadable, asking},
		{"half a body", simxero.HalfBody(), backend.XeroUnreadable, asking},
		{"nothing", simxero.EmptyBody(), backend.XeroUnreadable, asking},
		{"more than 64 KB", simxero.Swollen(64 << 10), backend.XeroUnreadable, asking},
		{"cut before the work", simxero.Dropped(), backend.XeroUnreadable, asking},
		{"cut after the work", simxero.LostAnswer(), backend.XeroUnreadable, asking},
		{"cut in the body", simxero.Fault{Lose: simxero.InTheBody}, backend.XeroUnreadable, asking},
		{"cut at the end", simxero.Fault{Lose: simxero.AtTheEnd}, backend.XeroUnreadable, asking},
		{"a list", simxero.Fault{Rewrite: func([]byte) []byte { return []byte("[]") }}, backend.XeroUnreadable, asking},
		{"null", simxero.Fault{Rewrite: func([]byte) []byte { return []byte("null") }}, backend.XeroUnreadable, asking},
		{"no access token", simxero.Without("access_token"), backend.XeroUnreadable, asking},
		{"an empty access token", replaced("access_token", ""), backend.XeroUnreadable, asking},
		{"an access token that is a number", replaced("access_token", 5), backend.XeroUnreadable, asking},
		{"no token type", simxero.Without("token_type"), backend.XeroUnreadable, asking},
		{"another token type", replaced("token_type", "mac"), backend.XeroUnreadable, asking},
		{"a token type that is a list", replaced("token_type", []string{"Bearer"}), backend.XeroUnreadable, asking},
		{"ended long ago", replaced("expires_in", -1), backend.XeroUnreadable, asking},
		{"lives for years", replaced("expires_in", 1_000_000_000), backend.XeroUnreadable, asking},
		{"lives for ever", replaced("expires_in", 1e300), backend.XeroUnreadable, asking},
		{"lives for words", replaced("expires_in", "soon"), backend.XeroUnreadable, asking},
		{"no refresh token", simxero.Without("refresh_token"), backend.ScopeRefused, ""},
		{"a refresh token that is a number", replaced("refresh_token", 5), backend.XeroUnreadable, asking},
		{"too few scopes", replaced("scope", "openid profile email offline_access"), backend.ScopeRefused, ""},
		{"too few scopes in a list", replaced("scope", []string{"openid"}), backend.ScopeRefused, ""},
		{"a scope much like ours", replaced("scope", "accounting.settings.readonly"), backend.ScopeRefused, ""},
		{"no identity token", simxero.Without("id_token"), backend.IdentityInvalid, "it is missing"},
		{"an identity token that is a number", replaced("id_token", 5), backend.IdentityInvalid, "it is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(s.xero.Requests(simxero.Token))
			s.xero.Fail(simxero.Exchange, c.fault.Once())
			e := s.signIn()
			fails(t, e.err, c.code, c.detail)
			s.keepsSecrets(e.err.Error())
			if n := len(s.xero.Requests(simxero.Token)) - before; n != 1 {
				t.Errorf("%d token requests", n)
			}
		})
	}
}

func TestEveryValidFormOfATokenResponseIsAccepted(t *testing.T) {
	s := start(t)
	for name, fault := range map[string]simxero.Fault{
		"bearer":                  simxero.Replaced("token_type", "bearer"),
		"BEARER":                  simxero.Replaced("token_type", "BEARER"),
		"no life":                 simxero.Without("expires_in"),
		"its life as text":        simxero.Replaced("expires_in", "1800"),
		"no scopes":               simxero.Without("scope"),
		"scopes in a list":        simxero.Replaced("scope", oauth.Scopes),
		"scopes in another order": simxero.Replaced("scope", "accounting.settings.read offline_access email profile openid"),
		"unknown fields":          simxero.Swollen(10 << 10),
	} {
		t.Run(name, func(t *testing.T) {
			s.xero.Fail(simxero.Exchange, fault.Once())
			e := s.signIn()
			if e.err != nil {
				t.Fatal(e.err)
			}
			token := e.grant.Token
			if got, want := slices.Sorted(slices.Values(token.Scopes)), slices.Sorted(slices.Values(oauth.Scopes)); !slices.Equal(got, want) {
				t.Errorf("scopes %v", got)
			}
			if life := time.Until(token.Expires); life < 29*time.Minute || life > 30*time.Minute {
				t.Errorf("lives %v", life)
			}
		})
	}
}

func TestACodeIsNotSentToARedirectTarget(t *testing.T) {
	var strangers atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers.Add(1) }))
	defer other.Close()
	s := start(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s.xero.Fail(simxero.Exchange, simxero.RedirectTo(status, other.URL).Once())
		fails(t, s.signIn().err, backend.NetworkSignIn, "")
		s.xero.Fail(simxero.Keys, simxero.RedirectTo(status, other.URL).Once())
		if e := s.signIn(); e.err != nil { // the keys are read again
			t.Error(e.err)
		}
	}
	if n := strangers.Load(); n != 0 {
		t.Errorf("the other host saw %d requests", n)
	}
}

// wire is a network that can be disconnected.
type wire struct {
	dials atomic.Int32 // that failed
	left  atomic.Int32 // that will fail
}

func (w *wire) install(s *scene) {
	transport, ok := s.flow.HTTP.Transport.(*http.Transport)
	if !ok {
		s.t.Fatal("another transport")
	}
	transport.DisableKeepAlives = true
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if w.left.Add(-1) >= 0 {
			w.dials.Add(1)
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
		}
		return dial(ctx, network, address)
	}
}

func TestACodeIsSentAgainOnlyIfTheFirstRequestNeverLeft(t *testing.T) {
	for name, c := range map[string]struct {
		fail, dials int32
		code        backend.Code
		requests    int
	}{
		"refused once":       {1, 1, "", 1},
		"refused for ever":   {1000, 2, backend.Offline, 0},
		"the first one left": {0, 0, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			var pulled wire
			pulled.install(s)
			a := s.begin()
			ended := s.follow(a)
			callback := s.allow(a)
			if err := s.xero.Await(t.Context(), simxero.Keys, 1); err != nil {
				t.Fatal(err)
			}
			pulled.left.Store(c.fail)
			s.open(callback)
			e := <-ended
			if c.code == "" && e.err != nil {
				t.Error(e.err)
			} else if c.code != "" {
				fails(t, e.err, c.code, asking)
			}
			if n := len(s.xero.Requests(simxero.Token)); n != c.requests || pulled.dials.Load() != c.dials {
				t.Errorf("%d requests, %d dials failed", n, pulled.dials.Load())
			}
		})
	}
}

// A server may revoke all tokens of a code presented twice.
func TestACodeWithoutAnAnswerIsNotSentAgain(t *testing.T) {
	for name, fault := range map[string]simxero.Fault{
		"lost answer": simxero.LostAnswer(), "half an answer": simxero.HalfBody(), "a fault at Xero": simxero.StatusFault(503),
	} {
		t.Run(name, func(t *testing.T) {
			w := wait(t)
			w.xero.Fail(simxero.Exchange, fault.Once())
			w.open(w.callback)
			if e := <-w.ended; e.err == nil {
				t.Error("signed in")
			}
			if n := len(w.xero.Requests(simxero.Token)); n != 1 {
				t.Errorf("%d token requests", n)
			}
		})
	}
}

func TestAnExchangeHasALimitAndCanBeCancelled(t *testing.T) {
	t.Run("limit", func(t *testing.T) {
		w := wait(t)
		w.flow.HTTP.Timeout = 200 * time.Millisecond
		w.xero.Fail(simxero.Exchange, simxero.Stalled())
		w.open(w.callback)
		fails(t, (<-w.ended).err, backend.Offline, asking)
		if n := len(w.xero.Requests(simxero.Token)); n != 1 {
			t.Errorf("%d token requests", n)
		}
	})
	t.Run("cancel", func(t *testing.T) {
		s := start(t)
		s.xero.Fail(simxero.Exchange, simxero.Stalled())
		a := s.begin()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		s.running.Go(func() {
			_, err := grantOf(ctx, a)
			ended <- err
		})
		s.open(s.allow(a))
		if err := s.xero.Await(ctx, simxero.Exchange, 1); err != nil {
			t.Fatal(err)
		}
		cancel()
		fails(t, <-ended, backend.Cancelled, "")
	})
}

func TestAfterTheCallbackBookringSendsOneRequest(t *testing.T) {
	w := wait(t)
	if err := w.xero.Await(t.Context(), simxero.Keys, 1); err != nil {
		t.Fatal(err)
	}
	before := len(w.xero.Requests())
	w.finishes()
	after := w.xero.Requests()[before:]
	if len(after) != 1 || after[0].Endpoint != simxero.Exchange {
		t.Errorf("after the callback: %d requests", len(after))
	}
	for e, want := range map[simxero.Endpoint]int{simxero.Discovery: 1, simxero.Keys: 1, simxero.UserInfo: 0} {
		if n := len(w.xero.Requests(e)); n != want {
			t.Errorf("%s: %d requests", e, n)
		}
	}
}

func TestATestServerMustBeOnThisComputer(t *testing.T) {
	s := start(t)
	for _, address := range []string{"https://identity.xero.com", "http://evil.example/x", "ftp://localhost/x", "http://localhost@evil.example/", "//localhost", ":"} {
		s.flow.Discovery = address
		_, err := s.flow.Begin(t.Context(), simxero.DemoClientID)
		fails(t, err, backend.NotLoopback, address)
	}
	s.flow.Discovery = s.xero.Discovery()
	for _, field := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"} {
		s.xero.Fail(simxero.Discovery, simxero.Replaced(field, "https://evil.example/x").Once())
		_, err := s.flow.Begin(t.Context(), simxero.DemoClientID)
		fails(t, err, backend.NotLoopback, "https://evil.example/x")
		s.xero.Fail(simxero.Discovery, simxero.Without(field).Once())
		_, err = s.flow.Begin(t.Context(), simxero.DemoClientID)
		fails(t, err, backend.XeroUnreadable, "looked up the test server")
	}
	for name, c := range map[string]struct {
		fault simxero.Fault
		code  backend.Code
	}{
		"half":  {simxero.HalfBody(), backend.XeroUnreadable},
		"big":   {simxero.Swollen(70_000), backend.XeroUnreadable},
		"HTML":  {simxero.CaptivePortal(200), backend.NetworkSignIn},
		"break": {simxero.Fault{Lose: simxero.InTheBody}, backend.XeroUnreadable},
	} {
		s.xero.Fail(simxero.Discovery, c.fault.Once())
		if _, err := s.flow.Begin(t.Context(), simxero.DemoClientID); backend.AsFailure(err) == nil || backend.AsFailure(err).Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.xero.Close()
	if _, err := s.flow.Begin(t.Context(), simxero.DemoClientID); err == nil || !strings.HasPrefix(err.Error(), string(backend.Offline)) {
		t.Errorf("a server that is not there: %v", err)
	}
}
