package oauth

import (
	"context"

	"bookring/backend"

	"golang.org/x/oauth2"
)

// Renew trades the refresh token of a sign-in for the next token (RFC 6749
// section 6). It makes one request and never repeats it: whether to present a
// token again is for whoever keeps it to decide. The new refresh token must be
// stored before the access token is used; the library's TokenSource has no
// place for that, so it lives for one token only.
//
// Fails with SignInEnded if the server does not know the refresh token any
// more (invalid_grant), with Unexpected for a sign-in of another issuer, or as
// a call to Xero does.
func (f *Flow) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	server, err := f.server(ctx)
	if err != nil {
		return backend.Token{}, err
	}
	if key.Issuer != server.Issuer { // never presented to another
		return backend.Token{}, backend.Fail(backend.Unexpected, "", nil)
	}
	config := oauth2.Config{
		ClientID: key.ClientID,
		Endpoint: oauth2.Endpoint{TokenURL: server.TokenURL, AuthStyle: oauth2.AuthStyleInParams},
	}
	client, _ := guarded(f.HTTP, backend.Say.Doing.Renewed)
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	token, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh.Reveal()}).Token()
	if err != nil {
		return backend.Token{}, exchangeFailure(backend.Say.Doing.Renewed, backend.SignInEnded, err)
	}
	return renewed(token)
}

// Issuer names the authorization server (RFC 8414 section 2), which for a test
// server has to be asked. Fails as looking up the test server does.
func (f *Flow) Issuer(ctx context.Context) (string, error) {
	server, err := f.server(ctx)
	return server.Issuer, err
}

// renewed reads a renewal's response. It is forgiving, because the token that
// was presented is used up: what can be kept is kept.
func renewed(t *oauth2.Token) (backend.Token, error) {
	// The library puts the token that was presented in the place of one that is
	// missing. Xero has used that up: kept as the next, it would end the sign-in.
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
		Scopes:  granted(t.Extra("scope")),
	}, nil
}
