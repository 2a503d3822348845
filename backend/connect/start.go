package connect

import (
	"context"
	"errors"

	"bookring/backend"
)

// Start compares the register with the keychain: a sign-in whose credential is
// not there any more has ended, and its organisations say so. It may wait long
// for a keychain that asks the person something, so nothing waits for it; it
// ends with ctx. A keychain that does not answer changes nothing.
func (c *Connector) Start(ctx context.Context) {
	c.running.Go(func() {
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
		if !s.SessionOnly {
			_, err = c.Keychain.Load(ctx, s.SignInKey)
		}
		if !s.SessionOnly && !errors.Is(err, backend.ErrNoCredential) {
			continue // there, or nobody can say
		}
		if err := c.Register.EndSignIn(ctx, s.SignInKey, c.Now()); err != nil {
			return err
		}
		c.changed()
	}
	return nil
}
