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
// API, the one thing that Bookring changes at Xero. It takes the connection's
// ID; the organisation's would be refused. One that Xero does not know, or not
// any more, is disconnected already.
//
// It fails as [wire.FailedCall] and [wire.FailedStatus] say, and with
// Unexpected, before a token is revealed, for what is no ID.
func (c *Client) Disconnect(ctx context.Context, token backend.Token, connectionID string) error {
	doing := backend.Say.Doing.Disconnected
	if !isGUID(connectionID) {
		return fmt.Errorf("%s: the connection’s ID is malformed", doing)
	}
	req, err := c.request(ctx, token, http.MethodDelete, "connections/"+connectionID)
	if err != nil {
		return err
	}
	// Asking twice does no more than asking once: on a connection that died
	// while it was idle it may be sent again, as a GET is. It is not itself sent.
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
