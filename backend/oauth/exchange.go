package oauth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"bookring/backend"
	"bookring/backend/wire"

	"golang.org/x/oauth2"
)

const (
	// maxAnswer is the longest document that an authorization server may send.
	maxAnswer = 64 << 10
	// longestLife is the longest that an access token may say it lives.
	longestLife = 24 * time.Hour
	// usualLife is how long it lives where the server does not say.
	usualLife = 30 * time.Minute
)

// exchanged is the token response (RFC 6749 section 5.1, OpenID Connect Core
// section 3.1.3.3).
type exchanged struct {
	token   backend.Token
	idToken backend.Secret
	clock   clock
}

// clock is what a token response tells of this computer's clock.
type clock struct {
	known bool // the response had a date
	skew  time.Duration
}

// exchange presents the code, once (RFC 6749 section 4.1.3). It is tried again
// only if the request never left this computer: a server may revoke everything
// when it sees a code twice.
func (a *Attempt) exchange(ctx context.Context, code string) (exchanged, error) {
	got, left, err := a.post(ctx, code)
	if err != nil && !left {
		got, _, err = a.post(ctx, code)
	}
	return got, err
}

// post makes one token request and reports whether it left this computer.
func (a *Attempt) post(ctx context.Context, code string) (got exchanged, left bool, err error) {
	var wrote atomic.Bool // a transport reports from goroutines of its own
	client, guard := guarded(a.flow.HTTP, backend.Say.Doing.AskedForAccess)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	token, err := a.config.Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return exchanged{}, wrote.Load(), exchangeFailure(backend.Say.Doing.AskedForAccess, backend.CodeRefused, err)
	}
	got, err = read(token)
	got.clock = guard.clock
	return got, true, err
}

// guard keeps what an authorization server may not send from the library that
// reads it, and reads the server's clock.
type guard struct {
	next  http.RoundTripper
	doing string
	clock clock
}

// guarded returns a client for one token request, and its guard.
func guarded(client *http.Client, doing string) (*http.Client, *guard) {
	g := &guard{next: client.Transport, doing: doing}
	own := *client
	own.Transport = g
	return &own, g
}

func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Accept", "application/json")
	next := g.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		g.clock = clock{known: true, skew: now().Sub(date)}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	_ = resp.Body.Close()
	if err != nil || len(body) > maxAnswer {
		return nil, backend.Fail(backend.XeroUnreadable, g.doing, err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	refused := resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnauthorized
	if refused && kind == "application/json" {
		return resp, nil // an error response: RFC 6749 section 5.2
	}
	if f := wire.FailedStatus(g.doing, resp, now()); f != nil {
		return nil, f
	}
	if kind != "application/json" {
		return nil, backend.Fail(backend.XeroUnreadable, g.doing, nil)
	}
	return resp, nil
}

// exchangeFailure sorts what went wrong. The library's own text can hold the
// response body, so it is not kept. Grant is the failure that invalid_grant is.
func exchangeFailure(doing string, grant backend.Code, err error) error {
	if f, ok := errors.AsType[*backend.Failure](err); ok {
		return f
	}
	if refusal, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		switch refusal.ErrorCode {
		case "invalid_grant":
			return backend.Fail(grant, "", nil)
		case "invalid_client", "unauthorized_client":
			return backend.Fail(backend.ClientIDRefused, "", nil)
		case "invalid_scope":
			return backend.Fail(backend.ScopeRefused, "", nil)
		}
		if refusal.Response.StatusCode == http.StatusUnauthorized {
			return backend.Fail(backend.XeroUnauthorised, doing, nil)
		}
		return backend.Fail(backend.XeroRefusedRequest, doing, nil)
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return wire.FailedCall(doing, err)
	}
	return backend.Fail(backend.XeroUnreadable, doing, nil)
}

// read checks the response to a code.
func read(t *oauth2.Token) (exchanged, error) {
	idToken, _ := t.Extra("id_token").(string)
	life := time.Until(t.Expiry)
	switch {
	case !strings.EqualFold(t.TokenType, "bearer"),
		t.AccessToken == "",
		!t.Expiry.IsZero() && (life <= 0 || life > longestLife):
		return exchanged{}, backend.Fail(backend.XeroUnreadable, backend.Say.Doing.AskedForAccess, nil)
	case idToken == "":
		return exchanged{}, backend.Fail(backend.IdentityInvalid, backend.Say.Identity.Missing, nil)
	}
	if t.Expiry.IsZero() {
		t.Expiry = now().Add(usualLife)
	}
	scopes := granted(t.Extra("scope"))
	if t.RefreshToken == "" || !slices.Contains(scopes, "accounting.settings.read") {
		return exchanged{}, backend.Fail(backend.ScopeRefused, "", nil)
	}
	return exchanged{
		token: backend.Token{
			Access:  backend.NewSecret(t.AccessToken),
			Refresh: backend.NewSecret(t.RefreshToken),
			Expires: t.Expiry.UTC(),
			Scopes:  scopes,
		},
		idToken: backend.NewSecret(idToken),
	}, nil
}

// granted reads the scope of a token response: a string (RFC 6749 section 3.3),
// a list as Xero has sent it, or nothing where all that was asked for is granted.
func granted(scope any) []string {
	switch scope := scope.(type) {
	case string:
		if scope != "" {
			return strings.Fields(scope)
		}
	case []any:
		var all []string
		for _, s := range scope {
			if s, ok := s.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return slices.Clone(Scopes)
}
