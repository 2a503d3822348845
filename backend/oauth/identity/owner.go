package identity

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"strings"

	"bookring/backend"
)

// named are the claims of a token about the sign-in, read without a check of the
// signature: the token comes from the token endpoint, over TLS, and the claims
// are only compared. The issuer is not compared: the token endpoint belongs to the
// sign-in's issuer, and the spelling in the access token is no promise of Xero.
type named struct {
	XeroUserID shown `json:"xero_userid"`
	Subject    shown `json:"sub"`
	ClientID   shown `json:"client_id"`
	GivenName  shown `json:"given_name"`
	FamilyName shown `json:"family_name"`
	Name       shown `json:"name"`
	Email      shown `json:"email"`
}

// namedIn returns the claims of a JWT (RFC 7519 section 3), or no claims for another
// token: an access token has no form of its own (RFC 6749 section 1.4).
func namedIn(token string) (n named) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return named{}
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || json.Unmarshal(text, &n) != nil {
		return named{}
	}
	return n
}

// owner returns the key of the sign-in named by the claims. A claim that is absent or
// unreadable is no difference to key.
func (n named) owner(key backend.SignInKey) backend.SignInKey {
	owner := key
	id := strings.ToLower(string(n.XeroUserID))
	// The user ID is the subject if the identity token had no xero_userid.
	if subject(id) && !strings.EqualFold(id, key.UserID) && string(n.Subject) != key.UserID {
		owner.UserID = id
	}
	if client := string(n.ClientID); subject(client) && !sameClient(client, key.ClientID) {
		owner.ClientID = client
	}
	return owner
}

// sameClient compares client IDs. Xero writes 32 hexadecimal digits, with or without
// hyphens.
func sameClient(a, b string) bool {
	digits := func(id string) string { return strings.ReplaceAll(id, "-", "") }
	return strings.EqualFold(digits(a), digits(b))
}

// Another returns the other sign-in named by the response to a renewal of a sign-in: by the
// access token, or else by the identity token. Found is false if the response names no other.
func Another(key backend.SignInKey, accessToken, idToken string) (s backend.SignIn, found bool) {
	access, identity := namedIn(accessToken), namedIn(idToken)
	if access.XeroUserID == "" {
		access.XeroUserID, access.Subject = identity.XeroUserID, identity.Subject
	}
	s.SignInKey = access.owner(key)
	if s.SignInKey == key {
		return s, false
	}
	if strings.EqualFold(string(identity.XeroUserID), s.UserID) {
		plain := func(s shown) string { return backend.PlainText(string(s)) }
		s.Name = cmp.Or(plain(identity.GivenName+" "+identity.FamilyName), plain(identity.Name))
		s.Email = plain(identity.Email)
	}
	return s, true
}
