package connect

import (
	"context"
	"errors"

	"bookring/backend"
)

// RenewNow renews a sign-in whether that is needed or not, and returns until
// when it is kept now (RFC 3339). It fails as a call to Xero does, with
// SignInEnded, SignInBusy, RenewalUnsaved or a Keychain code; a sign-in that is
// found to have ended by it is marked so.
func (c *Connector) RenewNow(ctx context.Context, id string) (keptUntil string, err error) {
	s, err := c.living(ctx, id)
	if err != nil {
		return "", err
	}
	c.tokens.drop(s.SignInKey, c.tokens.of(s.SignInKey))
	if _, err := c.token(ctx, s); err != nil {
		return "", c.notRenewed(ctx, s, err)
	}
	c.answered(ctx)
	s, err = c.living(ctx, id)
	c.changed()
	return stamp(s.ExpiresAt()), err
}

// living returns the sign-in of an ID. Fails with SignInEnded if it has ended.
func (c *Connector) living(ctx context.Context, id string) (backend.SignIn, error) {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return backend.SignIn{}, err
	}
	for _, s := range signIns {
		if s.String() == id {
			return s, nil
		}
	}
	return backend.SignIn{}, backend.Fail(backend.SignInEnded, "", nil)
}

// notRenewed writes down why a sign-in was not renewed, as a check does, and
// returns what to tell the person.
func (c *Connector) notRenewed(ctx context.Context, s backend.SignIn, err error) error {
	told := err
	if errors.Is(err, backend.ErrNoCredential) {
		told = backend.Fail(backend.SignInEnded, "", err)
	}
	if ctx.Err() != nil {
		return told
	}
	if err := c.recordCheck(ctx, s, nil, err); err != nil {
		c.Log.Info("not renewed", "code", backend.AsFailure(err).Code)
	}
	return told
}

// noteRenewal records that a credential was saved which is as new as that. If
// that does not work the sign-in seems older than it is, until the next time.
func (c *Connector) noteRenewal(ctx context.Context, saved backend.Credential) {
	if err := c.Register.SaveRenewal(ctx, saved.SignInKey, saved.SavedAt); err != nil {
		c.Log.Info("renewal not recorded", "code", backend.AsFailure(err).Code)
	}
}
