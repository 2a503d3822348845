package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"bookring/backend"
	"bookring/backend/wire"
)

// Server holds the addresses of an authorization server.
type Server struct {
	Issuer       string
	AuthorizeURL string
	TokenURL     string
	KeysURL      string
	// RevokeURL may be empty at a test server: RFC 7009 is optional.
	RevokeURL string
}

// Xero is Xero's authorization server. The addresses are constants, because a
// forged discovery document could redirect a sign-in, and because Xero refuses
// frequent requests for the discovery document.
var Xero = Server{ //nolint:gosec // addresses, not credentials
	Issuer:       "https://identity.xero.com",
	AuthorizeURL: "https://login.xero.com/identity/connect/authorize",
	TokenURL:     "https://identity.xero.com/connect/token",
	KeysURL:      "https://identity.xero.com/.well-known/openid-configuration/jwks",
	RevokeURL:    "https://identity.xero.com/connect/revocation",
}

// Scopes are the requested scopes: the user's identity, refresh tokens, and
// reading an organisation's settings. No scope allows a change.
var Scopes = []string{"openid", "profile", "email", "offline_access", "accounting.settings.read"}

// Discover reads a test server's discovery document (OpenID Connect Discovery 1.0
// section 4). Fails with NotLoopback and the address if the document or an
// address in the document is not on this computer, or as a call to Xero does.
func Discover(ctx context.Context, client *http.Client, address string) (Server, error) {
	if err := backend.CheckLoopback(address); err != nil {
		return Server{}, err
	}
	doing := backend.Say.Doing.FoundTestServer
	body, err := fetch(ctx, client, address, doing)
	if err != nil {
		return Server{}, err
	}
	s, err := parseServer(body)
	if err != nil {
		return Server{}, backend.Fail(backend.XeroUnreadable, doing, err)
	}
	if s.Issuer == "" || s.AuthorizeURL == "" || s.TokenURL == "" || s.KeysURL == "" {
		return Server{}, backend.Fail(backend.XeroUnreadable, doing, nil)
	}
	for _, endpoint := range []string{s.Issuer, s.AuthorizeURL, s.TokenURL, s.KeysURL, s.RevokeURL} {
		if endpoint == "" {
			continue
		}
		if err := backend.CheckLoopback(endpoint); err != nil {
			return Server{}, err
		}
	}
	return s, nil
}

// parseServer reads the addresses and ignores all other fields (RFC 8414 section
// 3.2).
func parseServer(body []byte) (s Server, err error) {
	var fields map[string]json.RawMessage // a struct would match ISSUER too
	if err := json.Unmarshal(body, &fields); err != nil {
		return s, err
	}
	for name, address := range map[string]*string{
		"issuer": &s.Issuer, "authorization_endpoint": &s.AuthorizeURL, "token_endpoint": &s.TokenURL,
		"jwks_uri": &s.KeysURL, "revocation_endpoint": &s.RevokeURL,
	} {
		if value, present := fields[name]; present {
			if err := json.Unmarshal(value, address); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

// fetch gets a public JSON document of at most maxAnswer bytes.
func fetch(ctx context.Context, client *http.Client, address, doing string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, wire.FailedCall(doing, err)
	}
	defer resp.Body.Close() //nolint:errcheck // the body was read
	if f := wire.FailedStatus(doing, resp, now()); f != nil {
		return nil, f
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, backend.Fail(backend.XeroUnreadable, doing, err)
	}
	return body, nil
}
