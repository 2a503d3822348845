package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"bookring/backend"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// leeway is how far the times of an identity token may be off.
const leeway = 5 * time.Minute

// claims are what an identity token says (OpenID Connect Core section 2). The
// times and texts are Xero's; texts are shown only after PlainText.
type claims struct {
	jwt.Claims
	Nonce      string `json:"nonce"`
	Azp        string `json:"azp"`
	XeroUserID string `json:"xero_userid"`
	GivenName  string `json:"given_name"`
	FamilyName string `json:"family_name"`
	Name       string `json:"name"`
	Username   string `json:"preferred_username"`
	Email      string `json:"email"`
}

// identify checks the identity token (OpenID Connect Core section 3.1.3.7) and
// returns who signed in. Fails with IdentityInvalid and the rule that was
// broken, or with ClockWrong if only the times are and this computer's clock
// cannot be told to be right.
func (a *Attempt) identify(ctx context.Context, got exchanged) (backend.SignIn, error) {
	token, err := jwt.ParseSigned(got.idToken.Reveal(), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return backend.SignIn{}, invalid("its algorithm or its form")
	}
	key, err := a.keys.find(ctx, token.Headers[0].KeyID)
	if err != nil {
		return backend.SignIn{}, err
	}
	if key == nil {
		return backend.SignIn{}, invalid("the key that signed it")
	}
	var c claims
	if err := token.Claims(key.Key, &c); err != nil {
		return backend.SignIn{}, invalid("its signature")
	}
	if err := a.checkClaims(c, got.skew); err != nil {
		return backend.SignIn{}, err
	}
	return a.signIn(c), nil
}

// checkClaims checks what the token says, by the server's clock: the token
// response came over the same trusted connection and carries its time.
func (a *Attempt) checkClaims(c claims, skew time.Duration) error {
	switch {
	case c.Issuer != a.server.Issuer:
		return invalid("its issuer")
	case !c.Audience.Contains(a.config.ClientID):
		return invalid("the app it is for")
	case (len(c.Audience) > 1 || c.Azp != "") && c.Azp != a.config.ClientID:
		return invalid("the app it was given to")
	case !same(c.Nonce, a.nonce):
		return invalid("the sign-in it is for")
	case !subject(c.Subject), c.XeroUserID != "" && !subject(c.XeroUserID):
		return invalid("the person it names")
	case c.Expiry == nil:
		return invalid("when it ends")
	case c.IssuedAt == nil:
		return invalid("when it was made")
	}
	err := c.ValidateWithLeeway(jwt.Expected{Time: now().Add(-skew)}, leeway)
	switch {
	case errors.Is(err, jwt.ErrExpired):
		return invalid("when it ends")
	case err != nil:
		return invalid("when it was made")
	}
	return nil
}

// subject reports whether an identifier of a person is one: at most 255 ASCII
// characters (OpenID Connect Core section 2), all of them visible.
func subject(id string) bool {
	return id != "" && len(id) <= 255 &&
		!strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

func invalid(what string) error { return backend.Fail(backend.IdentityInvalid, what, nil) }

// signIn names the person. The ID is Xero's own where it is given, and never
// the e-mail address.
func (a *Attempt) signIn(c claims) backend.SignIn {
	id := strings.ToLower(c.XeroUserID) // a GUID
	if id == "" {
		id = c.Subject
	}
	email := backend.PlainText(c.Email)
	name := backend.PlainText(c.GivenName + " " + c.FamilyName)
	for _, other := range []string{c.Name, c.Username, email, "(no name)"} {
		if name == "" {
			name = backend.PlainText(other)
		}
	}
	return backend.SignIn{
		SignInKey: backend.SignInKey{Issuer: a.server.Issuer, ClientID: a.config.ClientID, UserID: id},
		Name:      name,
		Email:     email,
		At:        now().UTC(),
	}
}

// keys are an authorization server's signing keys (RFC 7517). They are read
// while the person signs in, so that nobody waits for them afterwards.
type keys struct {
	read func(context.Context) (jose.JSONWebKeySet, error)
	done chan struct{}
	set  jose.JSONWebKeySet
	err  error
}

// newKeys returns the keys at an address. They are there when load has run.
func newKeys(client *http.Client, address string) *keys {
	k := &keys{done: make(chan struct{})}
	k.read = func(ctx context.Context) (set jose.JSONWebKeySet, err error) {
		body, err := fetch(ctx, client, address, "checked who signed in")
		if err != nil {
			return set, err
		}
		if err := json.Unmarshal(body, &set); err != nil {
			return set, backend.Fail(backend.XeroUnreadable, "checked who signed in", nil)
		}
		return set, nil
	}
	return k
}

// load reads the keys. It is called once.
func (k *keys) load(ctx context.Context) {
	defer close(k.done)
	k.set, k.err = k.read(ctx)
}

// find returns the key with an ID, or nil. Keys that could not be read earlier,
// or that do not hold the ID because the server has changed its keys since, are
// read once more.
func (k *keys) find(ctx context.Context, id string) (*jose.JSONWebKey, error) {
	select {
	case <-k.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if k.err == nil {
		if found := k.set.Key(id); len(found) > 0 {
			return &found[0], nil
		}
	}
	set, err := k.read(ctx)
	if err != nil {
		return nil, err
	}
	if found := set.Key(id); len(found) > 0 {
		return &found[0], nil
	}
	return nil, nil
}
