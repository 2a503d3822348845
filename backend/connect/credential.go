package connect

import (
	"context"
	"errors"
	"fmt"

	"bookring/backend"
)

// vault returns where credentials are kept, and whether only until the program
// ends.
func (c *Connector) vault() (v Vault, sessionOnly bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessionOnly {
		return c.Session, true
	}
	return c.Keychain, false
}

// load returns the credential of a sign-in and where it is. Whoever went on for
// one session can have an older one in the keychain, which is as good as any.
func (c *Connector) load(ctx context.Context, s backend.SignIn) (Vault, backend.Credential, error) {
	if s.SessionOnly {
		held, err := c.Session.Load(ctx, s.SignInKey)
		if !errors.Is(err, backend.ErrNoCredential) {
			return c.Session, held, err
		}
	}
	held, err := c.loadTwice(ctx, c.Keychain, s.SignInKey)
	if damaged(err) {
		err = fmt.Errorf("%w: %w", errKeyDamaged, err)
	}
	return c.Keychain, held, err
}

// loadTwice asks again for a credential that seems damaged: a store can misread
// once.
func (c *Connector) loadTwice(ctx context.Context, vault Vault, key backend.SignInKey) (backend.Credential, error) {
	held, err := vault.Load(ctx, key)
	if !damaged(err) {
		return held, err
	}
	if err := c.pause(ctx, renewPause); err != nil {
		return held, cancelled(err)
	}
	return vault.Load(ctx, key)
}

// damaged reports that the keychain holds something for a sign-in that is not
// what was stored.
func damaged(err error) bool {
	return err != nil && backend.AsFailure(err).Code == backend.KeychainDamaged
}
