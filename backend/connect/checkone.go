package connect

import (
	"context"
	"slices"

	"bookring/backend"
)

// checkOne reads Xero's list through one sign-in and compares it with what was
// known. What keeps it from being read is written down as the trouble of that
// sign-in; only its end, which Xero alone can say, ends it. An error is one
// that the other sign-ins would meet too.
//
// What waits to be disconnected is told afterwards: the list says what was
// connected again since.
func (c *Connector) checkOne(ctx context.Context, s backend.SignIn) error {
	if !s.EndedAt.IsZero() {
		_ = c.tellThrough(ctx, s) // it waits, and the others have nothing to do with it
		return nil
	}
	listed, over, err := c.list(ctx, s)
	defer over()
	if err = c.recordCheck(ctx, s, listed, err); err != nil {
		return err
	}
	if listed == nil {
		_ = c.departed(ctx, s)
		return nil
	}
	if s.DisconnectPending && !c.limited(s) && c.tellThrough(ctx, s) != nil {
		return nil
	}
	c.oweDetails(s.SignInKey)
	return nil
}

// recordCheck writes down what a check found, or why it found nothing. A person
// who has signed in meanwhile was given a newer list than this one.
func (c *Connector) recordCheck(ctx context.Context, s backend.SignIn, listed *listing, err error) error {
	c.recording.Lock()
	defer c.recording.Unlock()
	newest, readErr := c.newestOf(ctx, s)
	if readErr != nil || !newest {
		return readErr
	}
	defer c.changed()
	if err == nil {
		_, err = c.Register.Reconcile(ctx, s, c.still(listed), c.Now())
	}
	if err != nil {
		return c.noteTrouble(ctx, s, err)
	}
	if s.Trouble != "" {
		c.Log.Info("sign-in checked again", "signin", c.logName(s.SignInKey), "was", s.Trouble)
	}
	c.wellAgain(s)
	return nil
}

// newestOf reports whether a sign-in is still as it was read: not ended, made
// or checked since. The lock on recording is held.
func (c *Connector) newestOf(ctx context.Context, s backend.SignIn) (bool, error) {
	signIns, err := c.Register.SignIns(ctx)
	return asRead(s, signIns), err
}

// asRead is newestOf, among the sign-ins that live now.
func asRead(s backend.SignIn, living []backend.SignIn) bool {
	return slices.ContainsFunc(living, func(now backend.SignIn) bool {
		return now.SignInKey == s.SignInKey && now.At.Equal(s.At) && now.CheckedAt.Equal(s.CheckedAt)
	})
}

// call calls Xero through a sign-in. A 401 costs one renewal and one repetition.
func (c *Connector) call(ctx context.Context, s backend.SignIn, do func(backend.Token) error) error {
	token, err := c.token(ctx, s)
	if err != nil {
		return err
	}
	err = do(token)
	if err == nil || backend.AsFailure(err).Code != backend.XeroUnauthorised {
		return err
	}
	c.tokens.drop(s.SignInKey, token)
	if token, err = c.token(ctx, s); err != nil {
		return err
	}
	return do(token)
}
