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
	// maxAnswer is the maximum length of an authorization server's answer.
	maxAnswer = 64 << 10
	// longestLife is the maximum lifetime of an access token.
	longestLife = 24 * time.Hour
	// usualLife is the lifetime of an access token without expires_in.
	usualLife = 30 * time.Minute
)

// exchanged is the token response (RFC 6749 section 5.1, OpenID Connect Core
// section 3.1.3.3).
type exchanged struct {
	token   backend.Token
	idToken backend.Secret
	clock   clock
}

// clock compares this computer's clock with the Date of a token response.
type clock struct {
	known bool // the response had a Date
	skew  time.Duration
}

// exchange exchanges the code for tokens (RFC 6749 section 4.1.3). exchange
// repeats the request only if the first request never left this computer: a
// server may revoke all tokens of a code presented twice.
func (a *Attempt) exchange(ctx context.Context, code string) (exchanged, error) {
	got, left, err := a.post(ctx, code)
	if err != nil && !left {
		got, _, err = a.post(ctx, code)
	}
	return got, err
}

// post sends one token request and reports whether the request left this computer.
func (a *Attempt) post(ctx context.Context, code string) (got exchanged, left bool, err error) {
	var wrote atomic.Bool // the transport calls WroteHeaders from another goroutine
	client, guard := guarded(a.flow.HTTP, backend.Say.Doing.AskedForAccess)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	token, err := a.config.Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return exchanged{}, wrote.Load(), exchangeFailure(backend.Say.Doing.AskedForAccess, backend.CodeRefused, err)
	}
	got, err = read(token)
	got.token.ClientID, got.clock = a.config.ClientID, guard.clock
	return got, true, err
}

// guard rejects an authorization server's unexpected answers before the library
// reads the answers, and compares the clocks.
type guard struct {
	next  http.RoundTripper
	doing string
	edit  func(body []byte) []byte // of a token response; may be nil
	clock clock
}

// guarded returns a client for one token request, and the client's guard.
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
	if g.edit != nil {
		resp.Body = io.NopCloser(bytes.NewReader(g.edit(body)))
	}
	return resp, nil
}

// exchangeFailure returns the failure for an error of the library. The failure
// drops the library's text, because the text can hold the response body. Grant is
// the code for invalid_grant.
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

// read checks the token response to a code.
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

// granted returns the scopes of a token response to a code: all requested scopes if
// the response names none (RFC 6749 section 5.1).
func granted(scope any) []string {
	if all := listed(scope); all != nil {
		return all
	}
	return slices.Clone(Scopes)
}

// listed returns the scopes named by a token response, or nil. Scope is a string (RFC
// 6749 section 3.3), or a list, as Xero has sent.
func listed(scope any) []string {
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
	return nil
}
