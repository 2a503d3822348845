package connect

import (
	"context"
	"errors"
	"time"

	"bookring/backend"
)

// readOne reads the details of one organisation. It fails only with what the
// others would meet too.
func (c *Connector) readOne(ctx context.Context, r reading) error {
	var err error
	for _, s := range r.through {
		err = c.readThrough(ctx, s, r.organisation)
		if err == nil || backend.AsFailure(err).Code != backend.XeroForbidden {
			break // a refusal is one sign-in's: another may be let in
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch {
	case err == nil:
		c.mu.Lock()
		c.details.all = later{}
		delete(c.details.later, held{organisation: r.organisation})
		c.mu.Unlock()
	case backend.AsFailure(err).Code == backend.XeroForbidden:
		err = errors.Join(c.Register.SaveRefusal(ctx, r.organisation, c.Now()), c.holdBack(r, err))
	default:
		return c.holdBack(r, err)
	}
	c.changed()
	return err
}

// readThrough reads one organisation through one sign-in. A 401 costs one renewal
// and one repetition.
func (c *Connector) readThrough(ctx context.Context, s backend.SignIn, organisationID string) error {
	read, token, err := c.detailsOf(ctx, s, organisationID)
	if err != nil && backend.AsFailure(err).Code == backend.XeroUnauthorised {
		c.tokens.drop(s.SignInKey, token)
		read, _, err = c.detailsOf(ctx, s, organisationID)
	}
	if err != nil {
		return err
	}
	return c.Register.SaveDetails(ctx, organisationID, read, c.Now())
}

func (c *Connector) detailsOf(ctx context.Context, s backend.SignIn, organisationID string) (backend.Details, backend.Token, error) {
	if err := c.takeTurn(ctx, organisationID); err != nil {
		return backend.Details{}, backend.Token{}, err
	}
	token, err := c.token(ctx, s)
	if err != nil {
		return backend.Details{}, backend.Token{}, signInFailed{s, err}
	}
	read, err := c.Xero.Details(ctx, token, organisationID)
	return read, token, err
}

// signInFailed is what kept a sign-in from being used.
type signInFailed struct {
	signIn backend.SignIn
	error
}

func (f signInFailed) Unwrap() error { return f.error }

// holdBack keeps what failed from being read for a while. It returns the failure
// if the others would meet it too.
func (c *Connector) holdBack(r reading, err error) error {
	f := backend.AsFailure(err)
	if of, ok := errors.AsType[signInFailed](err); ok {
		if everybodys(f.Code) {
			return err
		}
		// The next check finds out whether it has ended, and says so.
		c.hold(held{signIn: of.signIn.SignInKey}, f)
		return nil
	}
	if !ownTrouble(f) {
		return err
	}
	c.hold(held{organisation: r.organisation}, f)
	if f.Code == backend.XeroError { // the organisation's, or Xero's
		return err
	}
	return nil
}

// ownTrouble reports what an organisation can have to itself.
func ownTrouble(f *backend.Failure) bool {
	switch f.Code {
	case backend.XeroForbidden, backend.XeroNotFound, backend.XeroUnreadable,
		backend.XeroRefusedRequest, backend.XeroError:
		return true
	}
	return f.Code == backend.XeroRateLimit && f.OneOrganisation
}

// hold holds one back: to the end of its limit, or an hour, and then ever longer,
// up to a day.
func (c *Connector) hold(h held, f *backend.Failure) {
	now := c.Now()
	c.mu.Lock()
	d := &c.details
	l := later{from: now, tries: d.later[h].tries + 1}
	l.at = now.Add(min(time.Hour<<min(l.tries-1, 5), detailsAge)).Round(0)
	switch {
	case f.Code == backend.XeroForbidden:
		l.at = now.Add(detailsAge).Round(0)
	case f.Code == backend.XeroRateLimit && f.Again.After(now):
		l.at, l.limit = f.Again.Round(0), true
	}
	if d.later == nil {
		d.later = map[held]later{}
	}
	d.later[h] = l
	c.mu.Unlock()
	c.Log.Info("details held back", "code", f.Code, "until", l.at)
}

// cutOff holds everything back after a failure. The app's limit holds for the
// lists too.
func (c *Connector) cutOff(ctx context.Context, err error) {
	if ctx.Err() != nil { // stopped by a person, or with the program
		return
	}
	now, f := c.Now(), backend.AsFailure(err)
	c.mu.Lock()
	c.details.all = c.details.all.after(f, now)
	c.mu.Unlock()
	if f.Code != backend.XeroRateLimit {
		return
	}
	signIns, readErr := c.Register.SignIns(ctx)
	if readErr != nil {
		return // the next call meets the limit again
	}
	c.putOffFor(keysOf(signIns), f)
}

func keysOf(signIns []backend.SignIn) []backend.SignInKey {
	keys := make([]backend.SignInKey, len(signIns))
	for i, s := range signIns {
		keys[i] = s.SignInKey
	}
	return keys
}
