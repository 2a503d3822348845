package oauth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"bookring/backend"
	"bookring/backend/wire"
)

// Revoke revokes the refresh token of a sign-in (RFC 7009). At Xero a revocation
// ends the user's consent and all connections of the sign-in. Callers revoke
// only sign-ins without connections. A token unknown to the server is already
// revoked. For a server without a revocation endpoint, Revoke does nothing.
//
// Fails with Unexpected for a sign-in of another issuer, or as a call to Xero
// does.
func (f *Flow) Revoke(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error {
	doing := backend.Say.Doing.Revoked
	server, err := f.serverOf(ctx, key)
	if err != nil {
		return err
	}
	if server.RevokeURL == "" {
		return nil
	}
	form := url.Values{
		"client_id": {key.ClientID}, "token": {refresh.Reveal()}, "token_type_hint": {"refresh_token"},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.RevokeURL, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := f.HTTP.Do(req)
	if err != nil {
		return wire.FailedCall(doing, err)
	}
	defer resp.Body.Close() //nolint:errcheck // the body is empty
	failure := wire.FailedStatus(doing, resp, now())
	// The regular answer is 200 without a body and without a content type.
	if failure == nil || resp.StatusCode == http.StatusOK && failure.Code == backend.XeroUnreadable {
		return nil
	}
	return failure
}
