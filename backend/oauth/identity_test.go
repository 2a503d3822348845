package oauth_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/simxero"
)

const checking = "checked who signed in"

func TestTheFailureNamesTheInvalidPartOfTheIdentityToken(t *testing.T) {
	s := start(t)
	want := map[simxero.IdentityFault]string{
		simxero.NoIdentityToken:      "it is missing",
		simxero.NotAToken:            "its algorithm or its form",
		simxero.AlgorithmNone:        "its algorithm or its form",
		simxero.AlgorithmHS256:       "its algorithm or its form",
		simxero.UnknownKey:           "the key that signed it",
		simxero.BadSignature:         "its signature",
		simxero.OtherIssuer:          "its issuer",
		simxero.OtherAudience:        "the app it is for",
		simxero.OtherAuthorisedParty: "the app it was given to",
		simxero.NoAuthorisedParty:    "the app it was given to",
		simxero.Expired:              "when it ends",
		simxero.NoExpiry:             "when it ends",
		simxero.IssuedInTheFuture:    "when it was made",
		simxero.IssuedLongAgo:        "when it was made",
		simxero.OtherNonce:           "the sign-in it is for",
		simxero.NoNonce:              "the sign-in it is for",
		simxero.NoSubject:            "the person it names",
		simxero.EmptySubject:         "the person it names",
		simxero.OtherAccessHash:      "the access it came with",
	}
	for _, fault := range simxero.IdentityFaults() {
		t.Run(string(fault), func(t *testing.T) {
			s.xero.Fail(simxero.Exchange, simxero.WrongIdentity(fault).Once())
			e := s.signIn()
			if fault == simxero.NoUserID { // at a server other than Xero the subject is the user ID
				if e.err != nil || e.grant.SignIn.UserID != s.xero.World().Person(jo).Subject {
					t.Errorf("%+v, %v", e.grant.SignIn, e.err)
				}
				return
			}
			fails(t, e.err, backend.IdentityInvalid, want[fault])
			if !e.grant.Token.Access.IsZero() || !e.grant.Token.Refresh.IsZero() {
				t.Error("the token was handed on")
			}
		})
	}
}

func TestAClaimOfTheWrongKindIsRefused(t *testing.T) {
	s := start(t)
	seconds := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	for _, c := range []struct {
		name, claim string
		value       any
		detail      string // empty: works
	}{
		{"issuer with a slash", "iss", s.xero.Issuer() + "/", "its issuer"},
		{"no issuer", "iss", nil, "its issuer"},
		{"issuer of a list", "iss", []string{s.xero.Issuer()}, "its algorithm or its form"},
		{"no audience", "aud", nil, "the app it is for"},
		{"an empty audience", "aud", []string{}, "the app it is for"},
		{"an audience in small letters", "aud", strings.ToLower(simxero.DemoClientID), "the app it is for"},
		{"one audience in a list", "aud", []string{simxero.DemoClientID}, ""},
		{"given to us", "azp", simxero.DemoClientID, ""},
		{"given to another", "azp", "another", "the app it was given to"},
		{"a nonce that is a number", "nonce", 5, "its algorithm or its form"},
		{"an empty nonce", "nonce", "", "the sign-in it is for"},
		{"a long subject", "sub", strings.Repeat("x", 256), "the person it names"},
		{"a subject of two lines", "sub", "a\nb", "the person it names"},
		{"a person of two lines", "xero_userid", "a\nb", "the person it names"},
		{"a person that is a number", "xero_userid", 5, "its algorithm or its form"},
		{"an end in words", "exp", "soon", "its algorithm or its form"},
		{"ended four minutes ago", "exp", seconds(-4 * time.Minute), ""},
		{"ended six minutes ago", "exp", seconds(-6 * time.Minute), "when it ends"},
		{"no start", "iat", nil, "when it was made"},
		{"made four minutes ago", "iat", seconds(-4 * time.Minute), ""},
		{"made six minutes ago", "iat", seconds(-6 * time.Minute), "when it was made"},
		{"made in four minutes", "iat", seconds(4 * time.Minute), ""},
		{"made in six minutes", "iat", seconds(6 * time.Minute), "when it was made"},
		{"not valid yet", "nbf", seconds(6 * time.Minute), "when it was made"},
		{"no hash of the access token", "at_hash", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.xero.Fail(simxero.Exchange, simxero.WithClaim(c.claim, c.value).Once())
			e := s.signIn()
			if c.detail == "" && e.err != nil {
				t.Error(e.err)
			} else if c.detail != "" {
				fails(t, e.err, backend.IdentityInvalid, c.detail)
			}
		})
	}
}

func TestTheEMailAddressNeverIdentifiesAUser(t *testing.T) {
	s := start(t)
	first := s.signIn()
	s.xero.Switch(func(w *simxero.Switches) { w.OpaqueTokens = true }) // the access token names no user
	s.xero.Fail(simxero.Exchange, simxero.WithClaim("xero_userid", "0F0F0F0F-0000-4000-8000-000000000002").Once())
	second := s.signIn()
	if first.err != nil || second.err != nil {
		t.Fatal(first.err, second.err)
	}
	if first.grant.SignIn.Email != second.grant.SignIn.Email || first.grant.SignIn.SignInKey == second.grant.SignIn.SignInKey {
		t.Errorf("%+v and %+v", first.grant.SignIn, second.grant.SignIn)
	}
	if second.grant.SignIn.UserID != "0f0f0f0f-0000-4000-8000-000000000002" {
		t.Errorf("a GUID in capitals is another person: %s", second.grant.SignIn.UserID)
	}
}

func TestTheUsersNameIsPlainText(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		claim string
		value any
		want  string
	}{
		{"given_name", " Jo\u202e\x00\r\n<b>", "Jo <b> Whitmore"},
		{"family_name", strings.Repeat("x", 10_000), "Jo " + strings.Repeat("x", 196) + "…"},
		{"given_name", nil, "Whitmore"},
	} {
		s.xero.Fail(simxero.Exchange, simxero.WithClaim(c.claim, c.value).Once())
		if e := s.signIn(); e.err != nil || e.grant.SignIn.Name != c.want {
			t.Errorf("%q, %v", e.grant.SignIn.Name, e.err)
		}
	}
}

func TestChangedKeysAreReadAgain(t *testing.T) {
	s := start(t)
	old := simxero.Fault{Rewrite: func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(`"kid":"`), []byte(`"kid":"old-`)) }}
	s.xero.Fail(simxero.Keys, old.Once())
	if e := s.signIn(); e.err != nil {
		t.Error(e.err)
	}
	if n := len(s.xero.Requests(simxero.Keys)); n != 2 {
		t.Errorf("the keys were read %d times", n)
	}
	s.xero.Fail(simxero.Keys, old)
	fails(t, s.signIn().err, backend.IdentityInvalid, "the key that signed it")
	if n := len(s.xero.Requests(simxero.Keys)); n != 4 {
		t.Errorf("the keys were read %d times", n)
	}
}

func TestUnreadKeysAreReadAgainBeforeAFailure(t *testing.T) {
	for name, c := range map[string]struct {
		fault  simxero.Fault
		code   backend.Code
		detail string
	}{
		"500":               {simxero.StatusFault(500), backend.XeroError, checking},
		"403":               {simxero.StatusFault(403), backend.XeroForbidden, checking},
		"429":               {simxero.RateLimited("minute", "90"), backend.XeroRateLimit, "in 2 minutes"},
		"503":               {simxero.EdgePage(503), backend.XeroUnavailable, ""},
		"captive portal":    {simxero.CaptivePortal(200), backend.NetworkSignIn, ""},
		"redirect":          {simxero.CaptivePortal(302), backend.NetworkSignIn, ""},
		"nothing":           {simxero.EmptyBody(), backend.XeroUnreadable, checking},
		"half a body":       {simxero.HalfBody(), backend.XeroUnreadable, checking},
		"cut in the body":   {simxero.Fault{Lose: simxero.InTheBody}, backend.XeroUnreadable, checking},
		"cut":               {simxero.Dropped(), backend.XeroUnreadable, checking},
		"HTML":              {simxero.NotJSON(), backend.XeroUnreadable, checking},
		"more than 64 KB":   {simxero.Fault{Rewrite: func([]byte) []byte { return bytes.Repeat([]byte(" "), 65<<10) }}, backend.XeroUnreadable, checking},
		"no keys":           {simxero.Replaced("keys", []any{}), backend.IdentityInvalid, "the key that signed it"},
		"keys of a kind":    {simxero.Replaced("keys", []any{map[string]any{"kty": "EC"}}), backend.XeroUnreadable, checking},
		"a key that is not": {simxero.Replaced("keys", 5), backend.XeroUnreadable, checking},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			s.xero.Fail(simxero.Keys, c.fault.Once())
			if e := s.signIn(); e.err != nil {
				t.Error(e.err)
			}
			s.xero.Fail(simxero.Keys, c.fault)
			fails(t, s.signIn().err, c.code, c.detail)
		})
	}
}

func TestASignInWaitsForSlowKeys(t *testing.T) {
	s := start(t)
	slow := s.xero.Fail(simxero.Keys, simxero.Stalled())
	w := waiting{scene: s, attempt: s.begin()}
	w.ended, w.callback = s.follow(w.attempt), s.allow(w.attempt)
	s.open(w.callback)
	if err := s.xero.Await(t.Context(), simxero.Exchange, 1); err != nil {
		t.Fatal(err)
	}
	slow.Release()
	if e := <-w.ended; e.err != nil {
		t.Error(e.err)
	}
}

func TestAWrongClockDoesNotPreventASignIn(t *testing.T) {
	for _, ahead := range []time.Duration{12 * time.Minute, -12 * time.Minute, 0, 26 * time.Hour, -400 * 24 * time.Hour} {
		clock := simxero.NewClock(time.Now().Add(-ahead))
		s := start(t, func(o *simxero.Options) { o.Now = clock.Now })
		e := s.signIn()
		if e.err != nil {
			t.Errorf("%v ahead: %v", ahead, e.err)
			continue
		}
		if got := e.grant.ClockSkew; (got - ahead).Abs() > 10*time.Second {
			t.Errorf("%v ahead is said to be %v", ahead, got)
		}
		if life := time.Until(e.grant.Token.Expires); life < 29*time.Minute || life > 30*time.Minute {
			t.Errorf("%v ahead: the token lives %v", ahead, life)
		}
	}
}

// undated removes the Date header from every answer.
type undated struct{ http.RoundTripper }

func (u undated) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := u.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Header.Del("Date")
	}
	return resp, err
}

func TestAWrongClockWithoutADateHeaderIsReported(t *testing.T) {
	for ahead, detail := range map[time.Duration]string{12 * time.Minute: "12 minutes", -26 * time.Hour: "26 hours", 9 * 24 * time.Hour: "9 days"} {
		clock := simxero.NewClock(time.Now().Add(-ahead))
		s := start(t, func(o *simxero.Options) { o.Now = clock.Now })
		s.flow.HTTP.Transport = undated{s.flow.HTTP.Transport}
		fails(t, s.signIn().err, backend.ClockWrong, detail)
	}
	s := start(t)
	s.flow.HTTP.Transport = undated{s.flow.HTTP.Transport}
	if e := s.signIn(); e.err != nil || e.grant.ClockSkew != 0 {
		t.Errorf("a right clock: %v, %v", e.grant.ClockSkew, e.err)
	}
}
