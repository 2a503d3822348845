package connect

import (
	"context"
	"errors"
	"slices"

	"bookring/backend"
)

// granted is a grant that is written down, or waits for that.
type granted struct {
	backend.Grant
	// kept: the keychain has its refresh token, or by now one that came of it.
	kept bool
}

// complete writes down what a sign-in was granted and finds out what is new:
// the keychain first, the register second. A program that ends in between
// leaves a secret without a row, which the next sign-in takes over; never a row
// that cannot be used. What fails after the grant is kept, so that trying again
// needs no browser.
func (c *Connector) complete(ctx context.Context, grant *granted, asked *backend.SignIn) (*backend.Outcome, error) {
	outcome, err := c.recordInTurn(ctx, grant, asked)
	if err != nil && ctx.Err() != nil { // at Xero it is connected all the same
		err = backend.Fail(backend.CancelledLate, "", err)
	}

	switch {
	case err == nil:
		c.dropPending(grant.SignIn.SignInKey) // an older token must not take the place of this one
	case retriable(err):
		c.mu.Lock()
		defer c.mu.Unlock()
		c.pending = grant
	}
	return outcome, err
}

func (c *Connector) recordInTurn(ctx context.Context, grant *granted, asked *backend.SignIn) (*backend.Outcome, error) {
	if err := c.recording.enter(ctx); err != nil {
		return nil, cancelled(err)
	}
	defer c.recording.Unlock()
	return c.record(ctx, grant, asked)
}

func (c *Connector) record(ctx context.Context, grant *granted, asked *backend.SignIn) (*backend.Outcome, error) {
	if err := c.keep(ctx, grant); err != nil {
		return nil, err
	}
	signIn := grant.SignIn
	listed, err := c.Xero.Connections(ctx, grant.Token)
	if err != nil {
		return nil, err
	}
	changes, expected, err := c.reconcile(ctx, signIn, listed, asked)
	if err != nil {
		return nil, err
	}
	c.wellAgain(signIn)
	if len(listed) == 0 && !expected.Missed() {
		return nil, backend.Fail(backend.NoOrganisation, "", nil)
	}
	others := slices.DeleteFunc(slices.Clone(listed), func(l backend.Connection) bool {
		return l.Type == backend.OrganisationType
	})
	return &backend.Outcome{
		SignIn: signIn, Changes: changes, Others: others,
		Expected: expected, ClockSkew: grant.ClockSkew,
	}, nil
}

// reconcile compares Xero's list with what was known, and says what that means
// for whoever was expected instead.
func (c *Connector) reconcile(ctx context.Context, s backend.SignIn, listed []backend.Connection, asked *backend.SignIn) (changes backend.Changes, e *backend.Expected, err error) {
	if e, err = c.expected(ctx, s, asked); err != nil {
		return changes, nil, err
	}
	waited := 0
	if e != nil {
		if waited, err = c.waitingFor(ctx, e.SignIn.SignInKey); err != nil {
			return changes, nil, err
		}
	}
	if changes, err = c.Register.Reconcile(ctx, s, listed, c.Now()); err != nil {
		return changes, nil, err
	}
	if e != nil {
		e.Waiting, err = c.waitingFor(ctx, e.SignIn.SignInKey)
		e.Carried = waited - e.Waiting
	}
	return changes, e, err
}

// keep puts the refresh token in the keychain before the access token is used,
// and only once: what was renewed since is newer. A damaged credential is
// replaced: what it held is lost, and this is newer.
func (c *Connector) keep(ctx context.Context, grant *granted) error {
	if grant.kept {
		return nil
	}
	vault, sessionOnly := c.vault()
	grant.SignIn.SessionOnly = sessionOnly
	s, token, key := grant.SignIn, grant.Token, grant.SignIn.SignInKey
	unlock, err := c.Lock(ctx, key) // a renewal must not write its older token over this one
	if err != nil {
		return err
	}
	defer unlock()
	before, err := vault.Load(ctx, key)
	if err != nil && !errors.Is(err, backend.ErrNoCredential) && !damaged(err) {
		return err
	}
	err = vault.Save(ctx, backend.Credential{
		SignInKey:  key,
		Generation: before.Generation + 1,
		Refresh:    token.Refresh,
		Previous:   before.Refresh,
		SavedAt:    c.Now(),
		Scopes:     token.Scopes,
		Name:       s.Name,
		Email:      s.Email,
	})
	if err != nil {
		return err
	}
	grant.kept = true
	c.tokens.put(key, token)
	c.change(func() { c.unsaved.drop(key) }) // whatever waited is older
	return nil
}

// retriable reports whether doing the same again with the same token can help.
func retriable(err error) bool {
	switch backend.AsFailure(err).Code {
	case backend.NoOrganisation, backend.XeroRefusedRequest,
		backend.XeroUnauthorised, backend.XeroForbidden, backend.XeroNotFound:
		return false
	}
	return true
}

// takePending returns a grant that waits to be written down, if its access
// token still lives and nobody else is asked for.
func (c *Connector) takePending(asked *backend.SignIn) *granted {
	c.mu.Lock()
	defer c.mu.Unlock()
	grant := c.pending
	if grant != nil && asked != nil && grant.SignIn.SignInKey != asked.SignInKey {
		return nil
	}
	c.pending = nil
	if grant == nil || !c.Now().Before(grant.Token.Expires) {
		return nil
	}
	return grant
}

// dropPending forgets what was granted to a sign-in and waits to be written down.
func (c *Connector) dropPending(key backend.SignInKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending != nil && c.pending.SignIn.SignInKey == key {
		c.pending = nil
	}
}
