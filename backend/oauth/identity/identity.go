// Package identity reads the user of a sign-in from the tokens of an authorization server:
// from the identity token of a grant, whose signature is verified (identity.go, keys.go), and
// from the tokens of a renewal (owner.go).
package identity

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"bookring/backend"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// leeway is the tolerance for the times of an identity token.
const leeway = 5 * time.Minute

// claims are the claims of an identity token (OpenID Connect Core section 2).
type claims struct {
	jwt.Claims
	Nonce      string `json:"nonce"`
	TokenHash  string `json:"at_hash"`
	Azp        string `json:"azp"`
	XeroUserID string `json:"xero_userid"`
	GivenName  shown  `json:"given_name"`
	FamilyName shown  `json:"family_name"`
	Name       shown  `json:"name"`
	Username   shown  `json:"preferred_username"`
	Email      shown  `json:"email"`
}

// shown is a claim for display only. A claim of another kind than a text is empty
// and does not refuse the token.
type shown string

// UnmarshalJSON never fails.
func (s *shown) UnmarshalJSON(value []byte) error {
	var text string
	_ = json.Unmarshal(value, &text)
	*s = shown(text)
	return nil
}

// Expected are the right claims of an identity token.
type Expected struct {
	Issuer, ClientID, Nonce string
	// Access is the access token from the same response.
	Access backend.Secret
	// Now is the server's time if ServersClock is set, otherwise this computer's time.
	Now          time.Time
	ServersClock bool
}

// SignIn checks an identity token (OpenID Connect Core section 3.1.3.7) and returns the
// user's sign-in, without a time. Fails with IdentityInvalid and the broken rule, with
// ClockWrong if only the times are wrong by this computer's clock, or as reading the keys does.
func (k *Keys) SignIn(ctx context.Context, idToken backend.Secret, want Expected) (backend.SignIn, error) {
	token, err := jwt.ParseSigned(idToken.Reveal(), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return backend.SignIn{}, invalid(backend.Say.Identity.Form)
	}
	found, err := k.find(ctx, token.Headers[0].KeyID)
	if err != nil {
		return backend.SignIn{}, err
	}
	if len(found) == 0 {
		return backend.SignIn{}, invalid(backend.Say.Identity.Key)
	}
	var c claims
	for _, key := range found { // RFC 7517 section 4.5: an ID may occur more than once
		if err = token.Claims(key.Key, &c); !errors.Is(err, jose.ErrCryptoFailure) {
			break
		}
	}
	if errors.Is(err, jose.ErrCryptoFailure) {
		return backend.SignIn{}, invalid(backend.Say.Identity.Signature)
	} else if err != nil {
		return backend.SignIn{}, invalid(backend.Say.Identity.Form)
	}
	if err := c.check(want); err != nil {
		return backend.SignIn{}, err
	}
	if err := c.checkTimes(want); err != nil {
		return backend.SignIn{}, err
	}
	s := c.signIn(want)
	if namedIn(want.Access.Reveal()).owner(s.SignInKey) != s.SignInKey {
		return backend.SignIn{}, invalid(backend.Say.Identity.AccessToken)
	}
	return s, nil
}

// check checks issuer, audience, nonce, subject and access token hash.
func (c claims) check(want Expected) error {
	switch {
	case c.Issuer != want.Issuer:
		return invalid(backend.Say.Identity.Issuer)
	case !c.Audience.Contains(want.ClientID):
		return invalid(backend.Say.Identity.Audience)
	case (len(c.Audience) > 1 || c.Azp != "") && c.Azp != want.ClientID:
		return invalid(backend.Say.Identity.AuthorisedParty)
	case c.Nonce == "" || !backend.NewSecret(c.Nonce).Equal(backend.NewSecret(want.Nonce)):
		return invalid(backend.Say.Identity.Nonce)
	case !subject(c.Subject), c.XeroUserID != "" && !subject(c.XeroUserID):
		return invalid(backend.Say.Identity.Subject)
	case c.TokenHash != "" && c.TokenHash != tokenHash(want.Access):
		return invalid(backend.Say.Identity.AccessToken)
	}
	return nil
}

// tokenHash returns at_hash for RS256 (OpenID Connect Core section 3.1.3.6).
func tokenHash(access backend.Secret) string {
	sum := sha256.Sum256([]byte(access.Reveal()))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// checkTimes checks the time of issue and the expiry. Without the server's clock, this
// computer's clock is the likely fault.
func (c claims) checkTimes(want Expected) error {
	if c.Expiry == nil {
		return invalid(backend.Say.Identity.Expiry)
	}
	if c.IssuedAt == nil {
		return invalid(backend.Say.Identity.IssuedAt)
	}
	age := want.Now.Sub(c.IssuedAt.Time())
	err := c.ValidateWithLeeway(jwt.Expected{Time: want.Now}, leeway)
	if err == nil && age <= leeway {
		return nil
	}
	if !want.ServersClock && age.Abs() > leeway {
		return backend.Fail(backend.ClockWrong, roughly(age.Abs()), err)
	}
	if errors.Is(err, jwt.ErrExpired) {
		return invalid(backend.Say.Identity.Expiry)
	}
	return invalid(backend.Say.Identity.IssuedAt)
}

// roughly returns a duration of at least a few minutes as a text of backend.Say.Clock.
func roughly(d time.Duration) string {
	switch {
	case d < 2*time.Hour:
		return backend.Say.Clock.Minutes.With(whole(d.Minutes()))
	case d < 48*time.Hour:
		return backend.Say.Clock.Hours.With(whole(d.Hours()))
	}
	return backend.Say.Clock.Days.With(whole(d.Hours() / 24))
}

func whole(n float64) string { return fmt.Sprintf("%.0f", n) }

// subject reports whether id is a valid subject identifier: at most 255 ASCII
// characters (OpenID Connect Core section 2), all visible.
func subject(id string) bool {
	return id != "" && len(id) <= 255 &&
		!strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

func invalid(what string) error { return backend.Fail(backend.IdentityInvalid, what, nil) }

// signIn returns the sign-in of the claims' user. The user ID is xero_userid or
// the subject, never the e-mail address.
func (c claims) signIn(want Expected) backend.SignIn {
	id := cmp.Or(strings.ToLower(c.XeroUserID), c.Subject) // xero_userid is a GUID
	plain := func(s shown) string { return backend.PlainText(string(s)) }
	email := plain(c.Email)
	return backend.SignIn{
		SignInKey: backend.SignInKey{Issuer: want.Issuer, ClientID: want.ClientID, UserID: id},
		Name:      cmp.Or(plain(c.GivenName+" "+c.FamilyName), plain(c.Name), plain(c.Username), email, backend.Say.Name.Missing),
		Email:     email,
	}
}
