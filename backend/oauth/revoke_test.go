package oauth_test

import (
	"testing"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

func TestARevocationEndsTheSignInAtTheServer(t *testing.T) {
	s, key, token := signedIn(t)
	if err := s.flow.Revoke(t.Context(), key, token.Refresh); err != nil {
		t.Fatal(err)
	}
	requests := s.xero.Requests(simxero.Revocation)
	if len(requests) != 1 {
		t.Fatalf("%d requests", len(requests))
	}
	form := requests[0].Form
	for name, want := range map[string]string{
		"client_id": simxero.DemoClientID, "token": token.Refresh.Reveal(), "token_type_hint": "refresh_token",
	} {
		if got := form[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is sent %d times, or wrong", name, len(got))
		}
	}
	if len(form) != 3 || requests[0].Header.Get("Authorization") != "" {
		t.Errorf("%d fields, Authorization %t", len(form), requests[0].Header.Get("Authorization") != "")
	}
	_, err := s.flow.Renew(t.Context(), key, token.Refresh)
	if err == nil || backend.AsFailure(err).Code != backend.SignInEnded {
		t.Errorf("renewed after that: %v", err)
	}
	if err := s.flow.Revoke(t.Context(), key, backend.NewSecret("what the server does not know")); err != nil {
		t.Errorf("an unknown token: %v", err)
	}
}

func TestAFailedRevocationIsReported(t *testing.T) {
	s, key, token := signedIn(t)
	for name, c := range map[string]struct {
		fault simxero.Fault
		code  backend.Code
	}{
		"400":            {simxero.OAuthFault("unsupported_token_type", ""), backend.XeroRefusedRequest},
		"429":            {simxero.RateLimited("minute", "60"), backend.XeroRateLimit},
		"500":            {simxero.StatusFault(500), backend.XeroError},
		"503":            {simxero.EdgePage(503), backend.XeroUnavailable},
		"captive portal": {simxero.CaptivePortal(200), backend.NetworkSignIn},
		"redirect":       {simxero.RedirectTo(307, "http://portal.invalid/"), backend.NetworkSignIn},
		"dropped":        {simxero.Dropped(), backend.XeroUnreadable},
	} {
		s.xero.Fail(simxero.Revocation, c.fault.Once())
		err := s.flow.Revoke(t.Context(), key, token.Refresh)
		if err == nil || backend.AsFailure(err).Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASignInIsNotRevokedAtAnotherServer(t *testing.T) {
	s, key, token := signedIn(t)
	key.Issuer = oauth.Xero.Issuer
	if err := s.flow.Revoke(t.Context(), key, token.Refresh); err == nil {
		t.Error("it was")
	}
	if n := len(s.xero.Requests(simxero.Revocation)); n != 0 {
		t.Errorf("%d requests", n)
	}
}
