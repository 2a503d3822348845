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

// Revoke tells the server that the refresh token of a sign-in is not wanted any
// more (RFC 7009). At Xero that ends everything that the person consented to
// for this app, whatever it is connected to: only for a sign-in that is to be
// let go and reaches nothing. A token that the server does not know is revoked
// already, and so is every one of a server that cannot revoke.
//
// Fails with Unexpected for a sign-in of another issuer, or as a call to Xero
// does.
func (f *Flow) Revoke(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error {
	doing := backend.Say.Doing.Revoked
	server, err := f.server(ctx)
	if err != nil {
		return err
	}
	if key.Issuer != server.Issuer { // never presented to another
		return backend.Fail(backend.Unexpected, "", nil)
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
	defer resp.Body.Close() //nolint:errcheck // there is nothing in it
	failure := wire.FailedStatus(doing, resp, now())
	// 200 is the answer, and its body nothing, so that it has no type either.
	if failure == nil || resp.StatusCode == http.StatusOK && failure.Code == backend.XeroUnreadable {
		return nil
	}
	return failure
}
