package simxero

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"bookring/backend/simxero/identity"
	"bookring/backend/simxero/world"
)

// IdentityFault is a fault of an identity token (OpenID Connect Core 1.0 section 3.1.3.7).
type IdentityFault string

// The faults of an identity token.
const (
	NoIdentityToken      IdentityFault = "no id_token"
	NotAToken            IdentityFault = "not a JWT"
	AlgorithmNone        IdentityFault = "alg none"
	AlgorithmHS256       IdentityFault = "alg HS256, keyed with the public key"
	UnknownKey           IdentityFault = "unknown kid"
	BadSignature         IdentityFault = "bad signature"
	OtherIssuer          IdentityFault = "iss of another"
	OtherAudience        IdentityFault = "aud of another client"
	OtherAuthorisedParty IdentityFault = "several aud, azp of another"
	NoAuthorisedParty    IdentityFault = "several aud, no azp"
	Expired              IdentityFault = "exp an hour ago"
	NoExpiry             IdentityFault = "no exp"
	IssuedInTheFuture    IdentityFault = "iat in an hour"
	IssuedLongAgo        IdentityFault = "iat a day ago"
	OtherNonce           IdentityFault = "nonce of another sign-in"
	NoNonce              IdentityFault = "no nonce"
	NoSubject            IdentityFault = "no sub"
	EmptySubject         IdentityFault = "empty sub"
	NoUserID             IdentityFault = "no xero_userid"
	OtherAccessHash      IdentityFault = "at_hash of something else"
)

// IdentityFaults returns every [IdentityFault].
func IdentityFaults() []IdentityFault {
	return []IdentityFault{
		NoIdentityToken, NotAToken, AlgorithmNone, AlgorithmHS256, UnknownKey, BadSignature, OtherIssuer,
		OtherAudience, OtherAuthorisedParty, NoAuthorisedParty, Expired, NoExpiry, IssuedInTheFuture, IssuedLongAgo,
		OtherNonce, NoNonce, NoSubject, EmptySubject, NoUserID, OtherAccessHash,
	}
}

// WrongIdentity puts a single fault into the identity token of a real answer, for [Exchange] and [Renewal].
func WrongIdentity(wrong IdentityFault) Fault {
	return Edited(func(fields map[string]any) {
		token, _ := fields["id_token"].(string)
		switch parts := strings.Split(token, "."); {
		case len(parts) != 3 || wrong == NoIdentityToken:
			delete(fields, "id_token")
		case wrong == NotAToken:
			fields["id_token"] = strings.ReplaceAll(token, ".", "-")
		case wrong == BadSignature:
			fields["id_token"] = parts[0] + "." + parts[1] + "." + flip(parts[2])
		default:
			header, claims := decodePart(parts[0]), decodePart(parts[1])
			wrong.spoil(header, claims)
			fields["id_token"] = wrong.seal(header, claims)
		}
	})
}

// WithClaim sets a claim of the identity token and signs the token again. The value nil removes the claim.
func WithClaim(name string, value any) Fault {
	return Edited(func(fields map[string]any) {
		token, _ := fields["id_token"].(string)
		parts := strings.Split(token, ".")
		if len(parts) != 3 {
			return
		}
		claims := decodePart(parts[1])
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
		fields["id_token"] = identity.Sign(identity.JWTHeader(), claims)
	})
}

// spoil puts the fault into the header or the claims.
func (wrong IdentityFault) spoil(header, claims map[string]any) {
	issued, _ := claims["iat"].(float64)
	at := func(d time.Duration) int64 { return int64(issued) + int64(d.Seconds()) }
	switch wrong {
	case UnknownKey:
		header["kid"] = world.RandomHex(40)
	case OtherIssuer:
		claims["iss"] = "https://identity.invalid"
	case OtherAudience:
		claims["aud"] = world.RandomHex(32)
	case OtherAuthorisedParty:
		claims["aud"], claims["azp"] = []any{claims["aud"], world.RandomHex(32)}, world.RandomHex(32)
	case NoAuthorisedParty:
		claims["aud"] = []any{claims["aud"], world.RandomHex(32)}
	case Expired:
		claims["exp"], claims["iat"], claims["nbf"] = at(-time.Hour), at(-time.Hour-identity.IDTokenLife), at(-time.Hour-identity.IDTokenLife)
	case NoExpiry:
		delete(claims, "exp")
	case IssuedInTheFuture:
		claims["iat"], claims["nbf"], claims["exp"] = at(time.Hour), at(time.Hour), at(time.Hour+identity.IDTokenLife)
	case IssuedLongAgo:
		claims["iat"], claims["nbf"] = at(-24*time.Hour), at(-24*time.Hour)
	case OtherNonce:
		claims["nonce"] = world.RandomText(43)
	case NoNonce:
		delete(claims, "nonce")
	case NoSubject:
		delete(claims, "sub")
	case EmptySubject:
		claims["sub"] = ""
	case NoUserID:
		delete(claims, "xero_userid")
	case OtherAccessHash:
		claims["at_hash"] = world.RandomText(22)
	}
}

// seal signs the token. Some faults are faults of the signature.
func (wrong IdentityFault) seal(header, claims map[string]any) string {
	switch wrong {
	case AlgorithmNone:
		return identity.SignNone(header, claims)
	case AlgorithmHS256:
		return identity.SignHS256(header, claims)
	default:
		return identity.Sign(header, claims)
	}
}

// flip changes a character in the middle of a signature.
func flip(signature string) string {
	b := []byte(signature)
	i := len(b) / 2
	if b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}

func decodePart(part string) map[string]any {
	fields := map[string]any{}
	b, err := base64.RawURLEncoding.DecodeString(part)
	if err == nil {
		err = json.Unmarshal(b, &fields)
	}
	if err != nil {
		panic(err) // the issuer made the token
	}
	return fields
}
