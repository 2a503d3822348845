// Package xero makes three calls to Xero's API: list a sign-in's connections,
// read the settings of one organisation, and delete a connection. Each method
// sends one request and retries nothing. Every unexpected answer becomes a
// [backend.Failure].
package xero

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"bookring/backend"
	"bookring/backend/wire"
)

// Address is the base address of Xero's API.
const Address = "https://api.xero.com"

// MaxAnswer is the maximum length of an answer, in bytes after decompression.
// 10,000 connections are about 3 MB.
const MaxAnswer = 10 << 20

// Client calls Xero's API. Both fields must be set.
type Client struct {
	// Base is [Address], or the address of a test server on this computer. Calls
	// to any other address fail with NotLoopback and send no token.
	Base string
	// HTTP makes the calls, usually [NewHTTPClient]. Client follows no redirect,
	// regardless of HTTP's CheckRedirect.
	HTTP *http.Client
}

// read gets path with the token and passes the JSON to parse. A non-empty
// organisationID is sent as xero-tenant-id. An error of the network comes before
// the error of parse.
func (c *Client) read(ctx context.Context, token backend.Token, doing, path, organisationID string, parse func(*answer) error) error {
	req, err := c.request(ctx, token, http.MethodGet, path)
	if err != nil {
		return err
	}
	if organisationID != "" {
		req.Header.Set("xero-tenant-id", organisationID)
	}
	resp, err := c.once(req)
	if err != nil {
		return wire.FailedCall(doing, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if f := wire.FailedStatus(doing, resp, time.Now()); f != nil {
		return f
	}
	a := newAnswer(resp.Body)
	err = parse(a)
	if a.lost() {
		return wire.FailedCall(doing, a.body.err)
	}
	if err != nil {
		return unreadable(doing, "%w", err)
	}
	return nil
}

// request makes a request with the token. Fails with NotLoopback if Base is
// neither Xero nor loopback.
func (c *Client) request(ctx context.Context, token backend.Token, method, path string) (*http.Request, error) {
	base, err := c.base()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, base.JoinPath(path).String(), nil)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+token.Access.Reveal())
	req.Header.Set("User-Agent", "Bookring")
	return req, nil
}

// once sends a request to the host in the URL only. A redirect would send the
// token to another host (RFC 6750 section 5.3), so once returns the redirect.
func (c *Client) once(req *http.Request) (*http.Response, error) {
	direct := *c.HTTP
	direct.CheckRedirect = refuseRedirect
	return direct.Do(req)
}

func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// base returns the base address. Fails with NotLoopback if the address is
// neither Xero nor loopback.
func (c *Client) base() (*url.URL, error) {
	if c.Base != Address {
		if err := backend.CheckLoopback(c.Base); err != nil {
			return nil, err
		}
	}
	base, err := url.Parse(c.Base)
	if err != nil {
		return nil, fmt.Errorf("read base address: %w", err)
	}
	return base, nil
}

func unreadable(doing, format string, args ...any) error {
	return backend.Fail(backend.XeroUnreadable, doing, fmt.Errorf("answer "+format, args...))
}
