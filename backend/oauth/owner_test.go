package oauth_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

const sam = "Sam Adeyemi"

// unsigned returns a JWT with claims and a signature of one letter.
func unsigned(claims map[string]any) string {
	text, _ := json.Marshal(claims) // texts
	return "e30." + base64.RawURLEncoding.EncodeToString(text) + ".x"
}

func TestARenewalAnsweredForAnotherPersonIsTold(t *testing.T) {
	s, key, before := signedIn(t)
	other := s.xero.World().Person(sam)
	s.xero.Fail(simxero.Renewal, s.xero.AnswerFor(other.ID, key.ClientID, oauth.Scopes...).Once())
	_, err := s.flow.Renew(t.Context(), key, before.Refresh)
	fails(t, err, backend.OtherPerson, "")
	token, found := errors.AsType[*backend.OthersToken](err)
	if !found {
		t.Fatal("the other person's tokens are gone")
	}
	want := key
	want.UserID = other.ID
	if token.SignIn.SignInKey != want || token.SignIn.Name != sam || token.SignIn.Email != other.Email || token.Token.Refresh.IsZero() {
		t.Errorf("%+v", token)
	}
	if strings.Contains(err.Error(), token.Token.Refresh.Reveal()) {
		t.Error("the error tells a secret")
	}
}

func TestWhomARenewalsAnswerBelongsTo(t *testing.T) {
	s, key, before := signedIn(t)
	me := s.xero.World().Person(jo)
	const stranger = "0f0f0f0f-0000-4000-8000-000000000002"
	odd := func(payload string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".x"
	}
	for _, c := range []struct {
		name, access string
		another      bool
	}{
		{"an opaque token", "opaque", false},
		{"an encrypted token", "a.b.c.d.e", false},
		{"no base64", "e30.!!!.x", false},
		{"no JSON", odd("xero_userid"), false},
		{"a list", odd("[]"), false},
		{"null", odd("null"), false},
		{"a number as the user", unsigned(map[string]any{"xero_userid": 5}), false},
		{"an empty user", unsigned(map[string]any{"xero_userid": ""}), false},
		{"a user with a line break", unsigned(map[string]any{"xero_userid": "a\nb"}), false},
		{"no user", unsigned(map[string]any{"sub": "0f"}), false},
		{"the same user in capitals", unsigned(map[string]any{"xero_userid": strings.ToUpper(me.ID)}), false},
		{"base64 with padding", "e30." + base64.URLEncoding.EncodeToString([]byte(`{"xero_userid":"`+me.ID+`"}`)) + ".x", false},
		{"another issuer's spelling", unsigned(map[string]any{"xero_userid": me.ID, "iss": "https://identity.xero.com/"}), false},
		{"the client ID in small letters", unsigned(map[string]any{"xero_userid": me.ID, "client_id": strings.ToLower(key.ClientID)}), false},
		{"a list of client IDs", unsigned(map[string]any{"xero_userid": me.ID, "client_id": []string{"x"}}), false},
		{"another user", unsigned(map[string]any{"xero_userid": stranger}), true},
		{"another user, with padding", "e30." + base64.URLEncoding.EncodeToString([]byte(`{"xero_userid":"`+stranger+`"}`)) + ".x", true},
		{"another app", unsigned(map[string]any{"xero_userid": me.ID, "client_id": "ffffffffffffffffffffffffffffffff"}), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.xero.Fail(simxero.Renewal, simxero.Edited(func(fields map[string]any) { fields["access_token"] = c.access }).Once())
			token, err := s.flow.Renew(t.Context(), key, before.Refresh)
			if another := backend.CodeOf(err) == backend.OtherPerson; another != c.another || !another && err != nil {
				t.Fatalf("%v, want another: %t", err, c.another)
			}
			if err == nil {
				before = token
			}
		})
	}
}

func TestAnIdentityTokenTellsThePersonBehindAnOpaqueToken(t *testing.T) {
	s, key, before := signedIn(t)
	s.xero.Switch(func(w *simxero.Switches) { w.OpaqueTokens = true })
	other := s.xero.World().Person(sam)
	s.xero.Fail(simxero.Renewal, s.xero.AnswerFor(other.ID, key.ClientID, oauth.Scopes...).Once())
	_, err := s.flow.Renew(t.Context(), key, before.Refresh)
	fails(t, err, backend.OtherPerson, "")
}

func TestAnAccessTokenOfAnotherPersonRefusesTheSignIn(t *testing.T) {
	s := start(t)
	ofAnother := simxero.Edited(func(fields map[string]any) {
		fields["access_token"] = unsigned(map[string]any{"xero_userid": "0f0f0f0f-0000-4000-8000-000000000002"})
	})
	unhashed := simxero.WithClaim("at_hash", nil) // at_hash alone would refuse the sign-in
	s.xero.Fail(simxero.Exchange, simxero.Fault{Rewrite: func(body []byte) []byte {
		return unhashed.Rewrite(ofAnother.Rewrite(body))
	}}.Once())
	e := s.signIn()
	fails(t, e.err, backend.IdentityInvalid, "the access it came with")
}

func TestAnAnswerWithoutAScopeGrantsTheScopesBefore(t *testing.T) {
	s, key, before := signedIn(t)
	s.xero.Fail(simxero.Renewal, simxero.Without("scope").Once())
	token, err := s.flow.Renew(t.Context(), key, before.Refresh)
	if err != nil || token.Scopes != nil {
		t.Errorf("%v, %v", token.Scopes, err)
	}
}
