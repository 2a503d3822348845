package xero

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"bookring/backend"
	"bookring/backend/wire"
)

// Disconnect ends one connection: DELETE /connections/{id} of Xero's identity
// API. Disconnect and the revocation of a sign-in are the only changes that
// Bookring makes at Xero. Xero takes the connection's ID and refuses the
// organisation's. A connection unknown to Xero is already disconnected.
//
// Fails as [wire.FailedCall] and [wire.FailedStatus] do, or with Unexpected for
// a malformed ID, without sending the token.
func (c *Client) Disconnect(ctx context.Context, token backend.Token, connectionID string) error {
	doing := backend.Say.Doing.Disconnected
	if !isGUID(connectionID) {
		return fmt.Errorf("%s: the connection’s ID is malformed", doing)
	}
	req, err := c.request(ctx, token, http.MethodDelete, "connections/"+connectionID)
	if err != nil {
		return err
	}
	// A nil Idempotency-Key lets net/http repeat the request, as net/http repeats
	// a GET, if an idle TCP connection turns out to be dead. net/http does not
	// send the header. A repeated DELETE has the same effect as a single DELETE.
	req.Header["Idempotency-Key"] = nil
	resp, err := c.once(req)
	if err != nil {
		return wire.FailedCall(doing, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusNoContent {
		return nil
	}
	if f := wire.FailedStatus(doing, resp, time.Now()); f != nil && f.Code != backend.XeroNotFound {
		return f
	}
	return nil
}
