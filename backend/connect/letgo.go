package connect

import (
	"context"
	"errors"

	"bookring/backend"
)

// letGo ends a sign-in that is to be let go and whose connections were told:
// at Xero, in the keychain and then here, so that whatever is cut off is found
// again. Only if Xero lists nothing any more is it revoked, because that would
// take with it what is connected. The lock on telling is held.
func (c *Connector) letGo(ctx context.Context, s backend.SignIn) error {
	listed, over, err := c.list(ctx, s)
	defer over()
	if err != nil {
		return err
	}
	for _, l := range listed.connections {
		if l.Type == backend.OrganisationType {
			return c.stillReaches(ctx, s, listed)
		}
		if err := c.endConnection(ctx, s, l.ID); err != nil { // of no use without the sign-in
			return err
		}
	}
	c.recording.Lock()
	defer c.recording.Unlock()
	waiting, err := c.Register.PendingDisconnects(ctx, s.SignInKey)
	if err != nil || !waiting.Revoke { // signed in again meanwhile
		return err
	}
	unlock, err := c.Lock(ctx, s.SignInKey)
	if err != nil {
		return err
	}
	defer unlock()
	if err := c.revoke(ctx, s); err != nil {
		return err
	}
	return c.discard(ctx, s)
}

// stillReaches takes in what Xero lists for a sign-in that was to reach
// nothing: what was connected again on purpose keeps the sign-in. What was told
// and is listed all the same is told again later.
func (c *Connector) stillReaches(ctx context.Context, s backend.SignIn, listed *listing) error {
	if err := c.recordCheck(ctx, s, listed, nil); err != nil {
		return err
	}
	waiting, err := c.Register.PendingDisconnects(ctx, s.SignInKey)
	if err != nil || !waiting.Revoke {
		return err
	}
	return backend.Fail(backend.XeroError, "disconnected an organisation", errors.New("it is still listed"))
}

// revoke presents the newest refresh token for the last time. The lock on the
// sign-in is held.
func (c *Connector) revoke(ctx context.Context, s backend.SignIn) error {
	if r, waits := c.unsaved.of(s.SignInKey); waits {
		return c.Authoriser.Revoke(ctx, s.SignInKey, r.next.Refresh)
	}
	_, held, err := c.load(ctx, s)
	if errors.Is(err, backend.ErrNoCredential) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.Authoriser.Revoke(ctx, s.SignInKey, held.Refresh)
}

// letGoEnded ends what is kept here of a sign-in that has ended and was to be
// let go. The others are left as they are.
func (c *Connector) letGoEnded(ctx context.Context, s backend.SignIn) error {
	c.recording.Lock()
	defer c.recording.Unlock()
	waiting, err := c.Register.PendingDisconnects(ctx, s.SignInKey)
	if err != nil || !waiting.Revoke {
		return err
	}
	unlock, err := c.Lock(ctx, s.SignInKey)
	if err != nil {
		return err
	}
	defer unlock()
	return c.discard(ctx, s)
}

// discard deletes what is kept of a sign-in: from the keychain, then from
// memory, then from the list of sign-ins. The locks on recording and on the
// sign-in are held.
func (c *Connector) discard(ctx context.Context, s backend.SignIn) error {
	defer c.changed()
	if err := c.Session.Delete(ctx, s.SignInKey); err != nil {
		return err
	}
	err := c.Keychain.Delete(ctx, s.SignInKey)
	if err != nil && s.SessionOnly && backend.AsFailure(err).Code == backend.KeychainMissing {
		err = nil // whoever went on for one session has nothing in a keychain that is not there
	}
	if err != nil {
		return err
	}
	c.tokens.forget(s.SignInKey)
	c.unsaved.drop(s.SignInKey)
	c.dropPending(s.SignInKey)
	return c.Register.MarkRevoked(ctx, s.SignInKey, c.Now())
}
