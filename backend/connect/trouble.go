package connect

import (
	"context"
	"errors"
	"time"

	"bookring/backend"
)

// later is when a sign-in that could not be checked may be tried again without
// being asked. It is forgotten with the program: every start tries.
type later struct {
	at    time.Time
	tries int
	// limit: Xero has named the time, and a person's asking changes nothing.
	limit bool
}

// longestPutOff is a day, Xero's longest limit, and a little: what lies further
// ahead is from before a clock was set back.
const longestPutOff = 25 * time.Hour

// due returns the sign-ins to check: those whose last check is at least so old,
// and those in trouble, unless it is to be waited.
func (c *Connector) due(ctx context.Context, age time.Duration) (due []backend.SignIn, err error) {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range signIns {
		if wait := c.later[s.SignInKey].at.Sub(now); wait > 0 && wait < longestPutOff {
			continue
		}
		since := now.Sub(s.CheckedAt)
		if s.Trouble != "" || since >= age || since < 0 {
			due = append(due, s)
		}
	}
	return due, nil
}

// forgive lets what was put off be tried at once, but for Xero's limits.
func (c *Connector) forgive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, l := range c.later {
		if !l.limit {
			delete(c.later, key)
		}
	}
}

// wellAgain forgets the trouble of a sign-in.
func (c *Connector) wellAgain(s backend.SignIn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.later, s.SignInKey)
}

// putOff keeps sign-ins from being checked for a while, unless they wait already.
func (c *Connector) putOff(signIns []backend.SignIn, wait time.Duration) {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range signIns {
		if _, waits := c.later[s.SignInKey]; !waits {
			c.wait(s.SignInKey, later{at: now.Add(wait)})
		}
	}
}

// putOffFor keeps sign-ins that met a failure from being checked, for as long
// as trying again is no use, or is a burden.
func (c *Connector) putOffFor(keys []backend.SignInKey, f *backend.Failure) {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range keys {
		tries := c.later[key].tries + 1
		l := later{tries: tries, at: now.Add(min(lookInterval<<min(tries-1, 6), forwardInterval))}
		switch {
		case f.Code == backend.XeroRateLimit && f.Again.After(now):
			l.at, l.limit = f.Again, true
		case f.Code == backend.Offline, f.Code == backend.NetworkSignIn:
			l.at = now // costs nobody anything, and the network may be back any moment
		case asksThePerson[f.Code]:
			l.at = now.Add(forwardInterval) // nobody wants to be asked every minute
		}
		c.wait(key, l)
	}
}

// wait sets when a sign-in may be tried again. The lock is held.
func (c *Connector) wait(key backend.SignInKey, l later) {
	if c.later == nil {
		c.later = map[backend.SignInKey]later{}
	}
	c.later[key] = l
}

// asksThePerson is the trouble that trying again can put before the person.
var asksThePerson = map[backend.Code]bool{
	backend.KeychainMissing: true, backend.KeychainLocked: true, backend.KeychainDismissed: true,
	backend.KeychainStuck: true, backend.KeychainFailed: true, backend.KeychainTooBig: true,
}

// everybodys reports trouble that no sign-in has to itself.
func everybodys(code backend.Code) bool {
	switch code {
	case backend.Offline, backend.NetworkSignIn, backend.ClockWrong, backend.ClientIDRefused,
		backend.XeroUnavailable, backend.XeroRateLimit:
		return true
	}
	return asksThePerson[code]
}

// noteTrouble writes down what kept a sign-in from being checked. It returns an
// error if the other sign-ins would meet the same. The lock on recording is held.
func (c *Connector) noteTrouble(ctx context.Context, s backend.SignIn, err error) error {
	f, why := backend.AsFailure(err), backend.RefusedByXero
	if errors.Is(err, backend.ErrNoCredential) {
		f, why = backend.Fail(backend.SignInEnded, "", err), backend.KeyGone
	}
	c.Log.Info("sign-in not checked", "code", f.Code)
	switch {
	case f.Code == backend.SignInEnded:
		return c.Register.EndSignIn(ctx, s.SignInKey, why, c.Now())
	case f.Code == backend.Cancelled:
		return err
	case !everybodys(f.Code):
		keys := []backend.SignInKey{s.SignInKey}
		c.putOffFor(keys, f)
		return c.Register.SaveTrouble(ctx, keys, f.Code)
	}
	signIns, readErr := c.Register.SignIns(ctx)
	if readErr != nil {
		return readErr
	}
	keys := make([]backend.SignInKey, len(signIns))
	for i, other := range signIns {
		keys[i] = other.SignInKey
	}
	c.putOffFor(keys, f)
	if saveErr := c.Register.SaveTrouble(ctx, keys, f.Code); saveErr != nil {
		return saveErr
	}
	return err
}
