package identity_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"bookring/backend"
	"bookring/backend/oauth/identity"
)

// checker returns a check of identity tokens against one key, and the key's signer.
func checker(f *testing.F) (check func(token string) error, signer jose.Signer) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	key := jose.JSONWebKey{Key: private, KeyID: "k"}
	signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	if err != nil {
		f.Fatal(err)
	}
	keys := identity.New(func(context.Context) ([]byte, error) {
		return json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	})
	keys.Load(context.Background())
	return func(token string) error {
		_, err := keys.SignIn(context.Background(), backend.NewSecret(token), identity.Expected{
			Issuer: "i", ClientID: "c", Nonce: "n", Now: time.Now(),
		})
		return err
	}, signer
}

// FuzzIdentityToken checks identity tokens without a valid signature.
func FuzzIdentityToken(f *testing.F) {
	f.Add("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AAAA")
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("eyJhbGciOiJIUzI1NiJ9.e30.AAAA")
	f.Add("..")
	f.Add("")
	f.Add(`{"payload":"e30","signatures":[]}`)
	check, _ := checker(f)
	f.Fuzz(func(t *testing.T, token string) {
		if err := check(token); err == nil || backend.AsFailure(err).Code != backend.IdentityInvalid {
			t.Fatalf("%q: %v", token, err)
		}
	})
}

// FuzzClaims checks arbitrary claims with a valid signature.
func FuzzClaims(f *testing.F) {
	f.Add(`{"iss":"i","aud":"c","nonce":"n","sub":"s","exp":9999999999,"iat":1}`)
	f.Add(`{"iss":["i"],"aud":{},"exp":"soon"}`)
	f.Add(`{"iss":"i","aud":["c","d"],"azp":5,"exp":1e400}`)
	f.Add(`null`)
	f.Add(``)
	check, signer := checker(f)
	f.Fuzz(func(t *testing.T, payload string) {
		signed, err := signer.Sign([]byte(payload))
		if err != nil {
			t.Fatal(err)
		}
		token, err := signed.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		err = check(token)
		if f := backend.AsFailure(err); f == nil || f.Code != backend.IdentityInvalid && f.Code != backend.ClockWrong {
			t.Fatalf("%q: %v", payload, err)
		}
	})
}

// FuzzKeys adds an entry to a key set with a right key. Every entry of valid JSON
// leaves the right key usable.
func FuzzKeys(f *testing.F) {
	const right = `{"kty":"RSA","kid":"right","use":"sig","n":"AQAB","e":"AQAB"}`
	for _, odd := range []string{
		"null", "5", "{}", "[]", `"key"`, right, `{"kty":"LATTICE","kid":"right"}`, `{"kty":"RSA","kid":5,"n":"AQAB","e":"AQAB"}`,
		`{"kty":"RSA","n":"","e":""}`, `{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}`, `{"kty":"RSA","n":"AQAB","e":"AQAB","x5c":[null]}`,
	} {
		f.Add(odd)
	}
	f.Fuzz(func(t *testing.T, odd string) {
		for _, body := range []string{`{"keys":[` + right + `,` + odd + `]}`, `{"keys":[` + odd + `,` + right + `]}`} {
			if n, err := identity.ParseKeys([]byte(body)); json.Valid([]byte(odd)) && (err != nil || n == 0) {
				t.Fatalf("%q: %d keys, %v", odd, n, err)
			}
		}
	})
}
