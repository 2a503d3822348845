package connect

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"bookring/backend"
)

// later is when a sign-in that could not be checked may be tried again without
// being asked. It is forgotten with the program: every start tries.
type later struct {
	// from is when it was put off: what lies ahead of now is from before a clock
	// was set back, and keeps nobody waiting.
	from, at time.Time

	tries int
	// limit: Xero has named the time, and a person's asking changes nothing.
	limit bool
}

// waits reports whether it is too early. It counts by the wall, because the other
// clock can stand still while the computer sleeps.
func (l later) waits(now time.Time) bool {
	now = now.Round(0)
	return !now.Before(l.from.Round(0)) && now.Before(l.at.Round(0))
}

// after returns when to try again after one more failure: for as long as trying
// is no use, or is a burden.
func (l later) after(f *backend.Failure, now time.Time) later {
	tries := l.tries + 1
	switch {
	case f.Code == backend.XeroRateLimit && f.Again.After(now):
		return later{from: now, at: f.Again, tries: tries, limit: true}
	case f.Code == backend.Offline, f.Code == backend.NetworkSignIn:
		return later{tries: l.tries} // costs nobody anything, and the network may be back any moment
	case asksThePerson[f.Code]:
		return later{from: now, at: now.Add(forwardInterval), tries: tries} // nobody wants to be asked every minute
	}
	return later{from: now, at: now.Add(min(lookInterval<<min(tries-1, 6), forwardInterval)), tries: tries}
}

// due returns the sign-ins to check: those whose last check is at least so old,
// those in trouble, and those with something to tell Xero or to be let go,
// unless it is to be waited.
func (c *Connector) due(ctx context.Context, age time.Duration) (due []backend.SignIn, err error) {
	signIns, err := c.liveAndDeparting(ctx)
	if err != nil {
		return nil, err
	}
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range signIns {
		if c.later[s.SignInKey].waits(now) {
			continue
		}
		since := now.Sub(s.CheckedAt)
		stale := s.EndedAt.IsZero() && (s.Trouble != "" || since >= age || since < 0)
		if stale || s.DisconnectPending && !c.untold[s.SignInKey].waits(now) {
			due = append(due, s)
		}
	}
	// What cut the last check off may be one sign-in's after all: the others go first.
	last := slices.IndexFunc(due, func(s backend.SignIn) bool { return s.SignInKey == c.stumbled })
	return slices.Concat(due[last+1:], due[:last+1]), nil
}

// forgive lets what was put off be tried at once, but for Xero's limits.
func (c *Connector) forgive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgiven()
}

// askAgain is forgive for a person who wants a check, and reports whether one
// follows by itself, at the end of the one that runs.
func (c *Connector) askAgain() (follows bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgiven()
	c.asked = c.stopCheck != nil
	return c.asked
}

// forgiven is forgive with the lock held.
func (c *Connector) forgiven() {
	for _, put := range []map[backend.SignInKey]later{c.later, c.untold} {
		maps.DeleteFunc(put, func(_ backend.SignInKey, l later) bool { return !l.limit })
	}
	c.details.forgive()
	c.recallLater = later{}
}

// answered is told that Xero has answered a person's wish: what kept the other
// sign-ins from being checked may be over.
func (c *Connector) answered(ctx context.Context) {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil || !slices.ContainsFunc(signIns, func(s backend.SignIn) bool { return s.Trouble != "" }) {
		return
	}
	c.forgive()
	c.beginCheck(checkInterval)
}

// wellAgain forgets the trouble of a sign-in.
func (c *Connector) wellAgain(s backend.SignIn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.later, s.SignInKey)
}

// putOff keeps sign-ins from being checked for a while, unless they wait already
// or a person has asked for them since.
func (c *Connector) putOff(signIns []backend.SignIn, wait time.Duration) {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked {
		return
	}
	for _, s := range signIns {
		if !c.later[s.SignInKey].waits(now) {
			c.wait(s.SignInKey, c.soonEnough(s.SignInKey, later{from: now, at: now.Add(wait)}, lookInterval))
		}
	}
}

// putOffFor keeps sign-ins that met a failure from being checked for a while.
func (c *Connector) putOffFor(keys []backend.SignInKey, f *backend.Failure) {
	now, least := c.Now(), lookInterval
	if asksThePerson[f.Code] {
		least = grace / 3
	}
	until := now
	c.mu.Lock()
	for _, key := range keys {
		l := c.soonEnough(key, c.later[key].after(f, now), least)
		c.wait(key, l)
		until = l.at
	}
	c.mu.Unlock()
	if until.After(now) {
		c.Log.Info("asked again later", "total", len(keys), "code", f.Code, "until", until)
	}
}

// soonEnough shortens a wait after which it could be too late: Xero may have
// renewed the sign-in, and takes the token that asks for it again for so long
// only. It is at least so long all the same, and a limit that Xero has named is
// obeyed.
func (c *Connector) soonEnough(key backend.SignInKey, l later, least time.Duration) later {
	now := c.Now()
	within, urgent := c.unanswered.urgent(key, now)
	if at := now.Add(max(within, least)); urgent && !l.limit && at.Before(l.at) {
		l.at = at
	}
	return l
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

// everybodys reports trouble that no sign-in has to itself, as far as can be
// said. A refused client ID is not: a sign-in keeps the one that it was made
// with, and another sign-in can have another.
func everybodys(code backend.Code) bool {
	switch code {
	case backend.Offline, backend.NetworkSignIn, backend.ClockWrong,
		backend.XeroUnavailable, backend.XeroRateLimit,
		backend.DatabaseFull, backend.DatabaseBusy, backend.DatabaseFailed, backend.DatabaseReadOnly:
		return true
	}
	return asksThePerson[code]
}

// decided is the failure of a call through a sign-in. Whatever is the end of one
// is told as that.
func decided(err error) *backend.Failure {
	if endingOf(err) != "" {
		return backend.Fail(backend.SignInEnded, "", err)
	}
	return backend.AsFailure(err)
}

// errKeyDamaged says that what the keychain holds of a sign-in cannot be read,
// also when it is asked again: only signing in replaces it.
var errKeyDamaged = errors.New("the key is damaged")

// endingOf returns why a failure is the end of a sign-in, or "" if it is not.
func endingOf(err error) backend.Ending {
	switch {
	case errors.Is(err, backend.ErrNoCredential):
		return backend.KeyGone
	case errors.Is(err, errKeyDamaged):
		return backend.KeyDamaged
	case backend.AsFailure(err).Code == backend.SignInEnded:
		return backend.RefusedByXero
	}
	return ""
}

// noteTrouble writes down what kept a sign-in from being checked. It returns an
// error if the other sign-ins would meet the same. The lock on recording is held.
func (c *Connector) noteTrouble(ctx context.Context, s backend.SignIn, err error) error {
	f, why := decided(err), endingOf(err)
	if f.Code != s.Trouble { // what goes on is told once
		c.Log.Info("sign-in not checked", "signin", c.logName(s.SignInKey), "code", f.Code, "error", cause(f))
	}
	switch {
	case why != "":
		return c.Register.EndSignIn(ctx, s.SignInKey, why, c.Now())
	case f.Code == backend.Cancelled:
		return err
	}
	saveErr := c.saveTrouble(ctx, []backend.SignIn{s}, f)
	if saveErr != nil || !everybodys(f.Code) {
		return saveErr
	}
	c.mu.Lock()
	c.stumbled = s.SignInKey
	c.mu.Unlock()
	return err
}

// spare writes down for sign-ins that were still to be asked what one before
// them has met, and they would meet too. What was asked before knows better.
func (c *Connector) spare(ctx context.Context, rest []backend.SignIn, err error) {
	f := decided(err)
	if !everybodys(f.Code) {
		return
	}
	c.recording.Lock()
	defer c.recording.Unlock()
	signIns, readErr := c.Register.SignIns(ctx)
	if readErr != nil {
		c.Note(readErr)
		return
	}
	rest = slices.DeleteFunc(slices.Clone(rest), func(s backend.SignIn) bool { return !asRead(s, signIns) })
	if len(rest) > 0 {
		if err := c.saveTrouble(ctx, rest, f); err != nil {
			c.Note(err)
		}
		c.changed()
	}
}

// saveTrouble writes down what keeps sign-ins from being checked, and puts them
// off. The lock on recording is held.
func (c *Connector) saveTrouble(ctx context.Context, signIns []backend.SignIn, f *backend.Failure) error {
	c.mu.Lock()
	c.triedAt = c.Now()
	c.mu.Unlock()
	keys := keysOf(signIns)
	c.putOffFor(keys, f)
	return c.Register.SaveTrouble(ctx, keys, f.Code)
}
