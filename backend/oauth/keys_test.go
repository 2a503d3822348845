package oauth_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// withKeys changes the list of an answered key set.
func withKeys(edit func(keys []any) []any) simxero.Fault {
	return simxero.Edited(func(fields map[string]any) {
		fields["keys"] = edit(fields["keys"].([]any)) //nolint:errcheck // the simulator answers with a list
	})
}

// withKey changes every member of the right key.
func withKey(changes map[string]any) simxero.Fault {
	return withKeys(func(keys []any) []any {
		for _, key := range keys {
			maps.Copy(key.(map[string]any), changes) //nolint:errcheck // the simulator answers with objects
		}
		return keys
	})
}

// oddKeys are entries that no sign-in needs (RFC 7517 section 5).
func oddKeys(right map[string]any) map[string]any {
	changed := func(changes map[string]any) map[string]any {
		other := maps.Clone(right)
		maps.Copy(other, changes)
		return other
	}
	return map[string]any{
		"null": nil, "a number": 5, "a text": "key", "a list": []any{}, "an empty object": map[string]any{},
		"an unknown type":                changed(map[string]any{"kty": "LATTICE", "kid": "new"}),
		"an unknown type, the same ID":   changed(map[string]any{"kty": "LATTICE"}),
		"a type that is null":            changed(map[string]any{"kty": nil}),
		"a type that is a number":        changed(map[string]any{"kty": 5}),
		"an ID that is a number":         changed(map[string]any{"kid": 5}),
		"an ID that is an object":        changed(map[string]any{"kid": map[string]any{}}),
		"an unknown curve":               map[string]any{"kty": "EC", "crv": "P-999", "kid": "new", "x": "AQ", "y": "AQ"},
		"a point outside the curve":      map[string]any{"kty": "EC", "crv": "P-256", "kid": "new", "x": "AQ", "y": "AQ"},
		"another signature, the same ID": map[string]any{"kty": "OKP", "crv": "Ed25519", "kid": right["kid"], "x": strings.Repeat("A", 43)},
		"a symmetric key, the same ID":   map[string]any{"kty": "oct", "kid": right["kid"], "k": "AAAA"},
		"no modulus":                     map[string]any{"kty": "RSA", "kid": "new", "e": "AQAB"},
		"no modulus, the same ID":        map[string]any{"kty": "RSA", "kid": right["kid"], "e": "AQAB"},
		"an empty modulus":               changed(map[string]any{"n": ""}),
		"a modulus of zero":              changed(map[string]any{"n": "AA"}),
		"a modulus that is a number":     changed(map[string]any{"n": 5}),
		"a modulus in another alphabet":  changed(map[string]any{"n": "+/+/"}),
		"another modulus, the same ID":   changed(map[string]any{"n": strings.Repeat("_", 342)}),
		"a small modulus, the same ID":   changed(map[string]any{"n": "AQAB"}),
		"no exponent":                    changed(map[string]any{"e": nil}),
		"an exponent of zero":            changed(map[string]any{"e": "AA"}),
		"a private key":                  changed(map[string]any{"d": "AQAB"}),
		"a key for encryption":           changed(map[string]any{"use": "enc", "n": strings.Repeat("_", 342)}),
		"a certificate that is none":     changed(map[string]any{"kid": "new", "x5c": []any{"!"}}),
		"a thumbprint that is none":      changed(map[string]any{"kid": "new", "x5t": "!"}),
	}
}

func TestOneOddKeyBesideTheRightKeyDoesNotPreventASignIn(t *testing.T) {
	var right map[string]any
	s := start(t)
	s.xero.Fail(simxero.Keys, withKeys(func(keys []any) []any {
		right, _ = keys[0].(map[string]any)
		return keys
	}).Once())
	if e := s.signIn(); e.err != nil {
		t.Fatal(e.err)
	}
	for name, odd := range oddKeys(right) {
		for place, at := range map[string]int{"before": 0, "after": 1} {
			t.Run(name+" "+place, func(t *testing.T) {
				injected := s.xero.Fail(simxero.Keys, withKeys(func(keys []any) []any { return slices.Insert(keys, at, odd) }))
				defer injected.Stop()
				if e := s.signIn(); e.err != nil {
					t.Error(e.err)
				}
			})
		}
	}
}

// RFC 7517 section 4: members not understood are ignored. Bookring uses no certificate.
func TestAnOddMemberOfTheRightKeyDoesNotPreventASignIn(t *testing.T) {
	for name, changes := range map[string]map[string]any{
		"unknown members":         {"exp": 5, "issued_by": []any{nil}, "KTY": 5, "Kid": "another", "N": nil},
		"an empty certificate":    {"x5c": []any{""}},
		"certificates of a text":  {"x5c": "MIIB"},
		"certificates of null":    {"x5c": []any{nil}},
		"an unreadable signature": {"x5c": []any{"MIIB"}},
		"an odd address":          {"x5u": "::"},
		"an address of a number":  {"x5u": 5},
		"an odd thumbprint":       {"x5t": "!", "x5t#S256": 5},
		"no use":                  {"use": nil},
		"no algorithm":            {"alg": nil},
		"operations":              {"key_ops": []any{"verify"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			s.xero.Fail(simxero.Keys, withKey(changes))
			if e := s.signIn(); e.err != nil {
				t.Error(e.err)
			}
		})
	}
}

func TestAnOddMemberOfTheKeySetDoesNotPreventASignIn(t *testing.T) {
	for name, value := range map[string]any{"Keys": 5, "KEYS": []any{}, "kEys": nil, "more": map[string]any{"keys": 5}} {
		s := start(t)
		s.xero.Fail(simxero.Keys, simxero.Replaced(name, value))
		if e := s.signIn(); e.err != nil {
			t.Errorf("%s: %v", name, e.err)
		}
	}
}

func TestAKeySetWithoutTheRightKeyRefusesTheIdentityToken(t *testing.T) {
	for name, c := range map[string]struct {
		fault  simxero.Fault
		code   backend.Code
		detail string
	}{
		"only for encryption": {withKey(map[string]any{"use": "enc"}), backend.IdentityInvalid, "the key that signed it"},
		"another ID":          {withKey(map[string]any{"kid": "new"}), backend.IdentityInvalid, "the key that signed it"},
		"another modulus":     {withKey(map[string]any{"n": strings.Repeat("_", 342)}), backend.IdentityInvalid, "its signature"},
		"broken":              {withKey(map[string]any{"n": 5}), backend.XeroUnreadable, checking},
		"only null":           {withKeys(func([]any) []any { return []any{nil} }), backend.XeroUnreadable, checking},
		"another ID and null": {withKeys(func(keys []any) []any {
			keys[0].(map[string]any)["kid"] = "new" //nolint:errcheck // the simulator answers with objects
			return append(keys, nil)
		}), backend.XeroUnreadable, checking},
		"no list": {simxero.Without("keys"), backend.IdentityInvalid, "the key that signed it"},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			s.xero.Fail(simxero.Keys, c.fault)
			fails(t, s.signIn().err, c.code, c.detail)
		})
	}
}

// Only the claims that Bookring shows may be of any kind.
func TestAnOddClaimForDisplayDoesNotPreventASignIn(t *testing.T) {
	s := start(t)
	for _, claim := range []string{"given_name", "family_name", "name", "preferred_username", "email"} {
		for _, value := range []any{5, true, []any{"Jo"}, map[string]any{"value": "Jo"}} {
			s.xero.Fail(simxero.Exchange, simxero.WithClaim(claim, value).Once())
			e := s.signIn()
			if e.err != nil {
				t.Errorf("%s of %v: %v", claim, value, e.err)
			} else if e.grant.SignIn.Name == "" {
				t.Errorf("%s of %v: no name", claim, value)
			}
		}
	}
}

func TestOneOddFieldOfTheDiscoveryDocumentDoesNotPreventASignIn(t *testing.T) {
	base := "http://127.0.0.1:1"
	good := map[string]string{
		"issuer": `"` + base + `"`, "authorization_endpoint": `"` + base + `/a"`, "token_endpoint": `"` + base + `/t"`, "jwks_uri": `"` + base + `/k"`,
		"revocation_endpoint": `"` + base + `/r"`,
	}
	for name, c := range map[string]struct {
		field, value string
		code         backend.Code // empty: works
		revoke       string
	}{
		"nothing odd":                    {"", "", "", base + "/r"},
		"an unknown field":               {"scopes_supported", "5", "", base + "/r"},
		"a field in capitals":            {"ISSUER", "5", "", base + "/r"},
		"another issuer in capitals":     {"Issuer", `"http://localhost:2"`, "", base + "/r"},
		"a revocation that is null":      {"revocation_endpoint", "null", "", ""},
		"a revocation that is empty":     {"revocation_endpoint", `""`, "", ""},
		"a revocation that is a number":  {"revocation_endpoint", "5", backend.XeroUnreadable, ""},
		"a revocation on another server": {"revocation_endpoint", `"https://evil.example/"`, backend.NotLoopback, ""},
		"an issuer that is null":         {"issuer", "null", backend.XeroUnreadable, ""},
		"an issuer that is a list":       {"issuer", `["` + base + `"]`, backend.XeroUnreadable, ""},
		"keys on another server":         {"jwks_uri", `"https://evil.example/"`, backend.NotLoopback, ""},
		"a token endpoint in an object":  {"token_endpoint", "{}", backend.XeroUnreadable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			fields := maps.Clone(good)
			if c.field != "" {
				fields[c.field] = c.value
			}
			var body bytes.Buffer
			for _, field := range slices.Sorted(maps.Keys(fields)) {
				body.WriteString(`,"` + field + `":` + fields[field])
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte("{" + body.String()[1:] + "}"))
			}))
			defer server.Close()
			got, err := oauth.Discover(t.Context(), rig.HTTPClient(t), server.URL)
			if c.code != "" {
				if f := backend.AsFailure(err); f == nil || f.Code != c.code {
					t.Errorf("got %v, want %s", err, c.code)
				}
				return
			}
			if err != nil || got.Issuer != base || got.KeysURL != base+"/k" || got.RevokeURL != c.revoke {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}
