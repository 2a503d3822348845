package simxero

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
	"sync"
)

// signingKey is made once in a process: making one takes a good part of a
// second under the race detector, and tests start many servers.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // the system's randomness does not fail
	}
	return key
})

// keyID is the key's thumbprint, as Xero names its keys.
var keyID = sync.OnceValue(func() []byte {
	sum := sha256.Sum256(signingKey().N.Bytes())
	return sum[:20]
})

func kid() string { return strings.ToUpper(hex.EncodeToString(keyID())) }

// jwtHeader is the header of every token (RFC 7515 section 4.1).
func jwtHeader() map[string]any {
	return map[string]any{"alg": "RS256", "typ": "JWT", "kid": kid(), "x5t": base64url(keyID())}
}

// sign returns a JWT in compact form, signed with RS256.
func sign(header, claims map[string]any) string {
	input := signingInput(header, claims)
	sum := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, signingKey(), crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // only a key too short for the digest fails
	}
	return input + "." + base64url(signature)
}

func signingInput(header, claims map[string]any) string {
	return base64url(jsonAnswer(0, header).body) + "." + base64url(jsonAnswer(0, claims).body)
}

// publicKeys is the answer of the JWKS endpoint (RFC 7517).
func publicKeys() map[string]any {
	public := signingKey().PublicKey
	return map[string]any{"keys": []map[string]any{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid(), "x5t": base64url(keyID()),
		"n": base64url(public.N.Bytes()), "e": base64url(big.NewInt(int64(public.E)).Bytes()),
	}}}
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
