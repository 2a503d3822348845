package identity

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"
	"sync"
)

// signingKey is shared by all servers of a process. Key generation takes a large part of a second under the race
// detector, and tests start many servers.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // the system's random source does not fail
	}
	return key
})

// keyID is the key's thumbprint, as at Xero.
var keyID = sync.OnceValue(func() []byte {
	sum := sha256.Sum256(signingKey().N.Bytes())
	return sum[:20]
})

func kid() string { return strings.ToUpper(hex.EncodeToString(keyID())) }

// publicKey returns the JWK of the signing key (RFC 7517).
func publicKey() map[string]any {
	public := signingKey().PublicKey
	return map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid(), "x5t": base64url(keyID()),
		"n": base64url(public.N.Bytes()), "e": base64url(big.NewInt(int64(public.E)).Bytes()),
	}
}

// JWTHeader returns the header of every token (RFC 7515 section 4.1).
func JWTHeader() map[string]any {
	return map[string]any{"alg": "RS256", "typ": "JWT", "kid": kid(), "x5t": base64url(keyID())}
}

// Sign returns a JWT in compact form, signed with RS256.
func Sign(header, claims map[string]any) string {
	input := signingInput(header, claims)
	sum := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, signingKey(), crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // signing fails only with a key shorter than the digest
	}
	return input + "." + base64url(signature)
}

// SignNone returns a JWT with alg none and without a signature.
func SignNone(header, claims map[string]any) string {
	header["alg"] = "none"
	return signingInput(header, claims) + "."
}

// SignHS256 returns a JWT with alg HS256 and the public key as the secret.
func SignHS256(header, claims map[string]any) string {
	header["alg"] = "HS256"
	input := signingInput(header, claims)
	mac := hmac.New(sha256.New, signingKey().N.Bytes())
	mac.Write([]byte(input))
	return input + "." + base64url(mac.Sum(nil))
}

func signingInput(header, claims map[string]any) string {
	return base64url(encode(header)) + "." + base64url(encode(claims))
}

func encode(fields map[string]any) []byte {
	b, err := json.Marshal(fields)
	if err != nil {
		panic(err) // header and claims hold only texts, numbers and lists
	}
	return b
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
