package connect

import (
	"context"
	"errors"
	"slices"

	"bookring/backend"
)

// Start compares the register with the keychain: a sign-in whose credential is
// not there any more has ended, and its organisations say so. It may wait long
// for a keychain that asks the person something, so it goes on by itself, until
// it is done, ctx ends, or Close. A keychain that does not answer changes
// nothing.
func (c *Connector) Start(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		cancel()
		return
	}
	c.stopStart = cancel
	c.running.Go(func() {
		defer cancel()
		if err := c.endLost(ctx); err != nil {
			c.Log.Info("keychain not compared", "code", backend.AsFailure(err).Code)
		}
	})
}

func (c *Connector) endLost(ctx context.Context) error {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return err
	}
	for _, s := range signIns {
		lost, err := c.lost(ctx, s)
		if err == nil && lost {
			err = c.endUnlessNewer(ctx, s)
		}
		if err != nil {
			// A keychain that is locked would ask the person again for each.
			return err
		}
	}
	return nil
}

// lost reports whether a sign-in of an earlier run has no credential.
func (c *Connector) lost(ctx context.Context, s backend.SignIn) (bool, error) {
	// Whoever went on for one session can have an older credential, which is as
	// good as any.
	_, err := c.Keychain.Load(ctx, s.SignInKey)
	switch {
	case errors.Is(err, backend.ErrNoCredential):
		return true, nil
	case err != nil && backend.AsFailure(err).Code != backend.KeychainDamaged:
		return false, err
	}
	return false, nil // there, in whatever state
}

// endUnlessNewer ends a sign-in, unless the person has signed in again since it
// was read.
func (c *Connector) endUnlessNewer(ctx context.Context, s backend.SignIn) error {
	c.recording.Lock()
	defer c.recording.Unlock()
	signIns, err := c.Register.SignIns(ctx)
	if err != nil || !slices.Contains(signIns, s) {
		return err
	}
	if err := c.Register.EndSignIn(ctx, s.SignInKey, c.Now()); err != nil {
		return err
	}
	c.changed()
	return nil
}
