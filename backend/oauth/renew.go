package oauth

import (
	"context"
	"encoding/json"

	"bookring/backend"
	"bookring/backend/oauth/identity"

	"golang.org/x/oauth2"
)

// Renew exchanges the refresh token of a sign-in for the next token set (RFC 6749
// section 6). Renew presents the refresh token once; the caller decides whether
// to present the refresh token again. The caller must save the new refresh token
// before the first use of the access token.
//
// Fails with SignInEnded if the server no longer accepts the refresh token
// (invalid_grant), with OtherPerson and a [backend.OthersToken] if the answer names
// another sign-in, with Unexpected for a sign-in of another issuer, or as a call to
// Xero does.
func (f *Flow) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	server, err := f.serverOf(ctx, key)
	if err != nil {
		return backend.Token{}, err
	}
	config := oauth2.Config{
		ClientID: key.ClientID,
		Endpoint: oauth2.Endpoint{TokenURL: server.TokenURL, AuthStyle: oauth2.AuthStyleInParams},
	}
	client, guard := guarded(f.HTTP, backend.Say.Doing.Renewed)
	guard.edit = readable
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	// For one token only, because a TokenSource cannot save a refresh token.
	token, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh.Reveal()}).Token()
	if err != nil {
		return backend.Token{}, exchangeFailure(backend.Say.Doing.Renewed, backend.SignInEnded, err)
	}
	next, err := renewed(token)
	next.ClientID = key.ClientID
	if err != nil {
		return backend.Token{}, err
	}
	idToken, _ := token.Extra("id_token").(string)
	if other, found := identity.Another(key, token.AccessToken, idToken); found {
		return backend.Token{}, backend.Fail(backend.OtherPerson, "", &backend.OthersToken{SignIn: other, Token: next})
	}
	return next, nil
}

// Issuer returns the authorization server's issuer (RFC 8414 section 2). For a
// test server, Issuer calls and fails as [Discover].
func (f *Flow) Issuer(ctx context.Context) (string, error) {
	server, err := f.server(ctx)
	return server.Issuer, err
}

// readable returns a token response without the fields that have an unexpected kind
// or name: the library refuses a response for a single odd field, and the presented
// refresh token is consumed.
func readable(body []byte) []byte {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return body
	}
	understood := map[string]json.RawMessage{}
	for name, kind := range map[string]any{
		"access_token": new(string), "refresh_token": new(string), "id_token": new(string), "token_type": new(string),
		"expires_in": new(seconds), "scope": new(any), "error": new(string),
	} {
		if value, present := fields[name]; present && json.Unmarshal(value, kind) == nil {
			understood[name] = value
		}
	}
	if edited, err := json.Marshal(understood); err == nil {
		return edited
	}
	return body
}

// seconds reads a whole number, quoted or not, as the library does.
type seconds struct{}

func (*seconds) UnmarshalJSON(text []byte) error {
	var n json.Number
	if err := json.Unmarshal(text, &n); err != nil {
		return err
	}
	_, err := n.Int64()
	return err
}

// renewed reads the token response to a refresh token. The presented refresh token
// is consumed, so renewed accepts every response with both tokens.
func renewed(t *oauth2.Token) (backend.Token, error) {
	// Token.RefreshToken repeats the presented refresh token if the response has
	// no refresh token. Xero has consumed the presented refresh token, so saving
	// the repeated token would end the sign-in.
	next, _ := t.Extra("refresh_token").(string)
	if next == "" || t.AccessToken == "" {
		return backend.Token{}, backend.Fail(backend.XeroUnreadable, backend.Say.Doing.Renewed, nil)
	}
	expires := t.Expiry
	if left := expires.Sub(now()); left <= 0 || left > longestLife {
		expires = now().Add(usualLife)
	}
	return backend.Token{
		Access:  backend.NewSecret(t.AccessToken),
		Refresh: backend.NewSecret(next),
		Expires: expires.UTC(),
		Scopes:  listed(t.Extra("scope")),
	}, nil
}
