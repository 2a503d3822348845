package connect

import (
	"context"
	"slices"

	"bookring/backend"

	"golang.org/x/sync/errgroup"
)

// tellXero tells Xero of everything that is to be disconnected, through one
// sign-in after the other. It returns the first failure, and stops at one that
// the others would meet too.
func (c *Connector) tellXero(ctx context.Context) (first error) {
	signIns, err := c.leaving(ctx)
	if err != nil {
		return err
	}
	for _, s := range signIns {
		err := c.tellThrough(ctx, s)
		if first == nil {
			first = err
		}
		if err != nil && everybodys(backend.AsFailure(err).Code) {
			break
		}
	}
	return first
}

// leaving are the sign-ins with something to tell or to be let go, the ended
// ones too, but not while a limit of Xero's lasts.
func (c *Connector) leaving(ctx context.Context) ([]backend.SignIn, error) {
	signIns, err := c.liveAndDeparting(ctx)
	return slices.DeleteFunc(signIns, func(s backend.SignIn) bool { return !s.DisconnectPending || c.limited(s) }), err
}

// leaves reports whether a sign-in is still to be let go.
func (c *Connector) leaves(ctx context.Context, id string) (bool, error) {
	signIns, err := c.liveAndDeparting(ctx)
	return slices.ContainsFunc(signIns, func(s backend.SignIn) bool { return s.DisconnectPending && s.String() == id }), err
}

// liveAndDeparting returns the sign-ins through which there can be something to
// do: those that live, and those that have ended and are to be let go.
func (c *Connector) liveAndDeparting(ctx context.Context) ([]backend.SignIn, error) {
	live, err := c.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	departing, err := c.Register.EndedToRevoke(ctx)
	if err != nil {
		return nil, err
	}
	return append(live, departing...), nil
}

// tellThrough tells Xero through one sign-in, and writes down what kept it from
// that. An end of the sign-in is news as it is for a check; anything else only
// lets it wait.
func (c *Connector) tellThrough(ctx context.Context, s backend.SignIn) error {
	err := c.endConnections(ctx, s)
	if err == nil {
		c.change(func() { delete(c.untold, s.SignInKey) })
		return nil
	}
	f := decided(err)
	c.Log.Info("Xero not told", "code", f.Code)
	if f.Code == backend.SignInEnded {
		if err := c.recordCheck(ctx, s, nil, f); err != nil {
			return err
		}
		return c.departed(ctx, s)
	}
	now := c.Now()
	c.change(func() {
		if c.untold == nil {
			c.untold = map[backend.SignInKey]later{}
		}
		c.untold[s.SignInKey] = c.untold[s.SignInKey].after(f, now)
	})
	return f
}

// departed lets a sign-in go that has ended just now, if that was wanted.
func (c *Connector) departed(ctx context.Context, s backend.SignIn) error {
	departing, err := c.Register.EndedToRevoke(ctx)
	if err != nil {
		return err
	}
	for _, d := range departing {
		if d.SignInKey == s.SignInKey {
			return c.tellThrough(ctx, d)
		}
	}
	return nil
}

// endConnections ends the connections of a sign-in that are to be ended, a few at a time,
// and then lets the sign-in itself go if that is wanted.
func (c *Connector) endConnections(ctx context.Context, s backend.SignIn) error {
	for {
		if more, err := c.endSome(ctx, s); err != nil || !more {
			return err
		}
	}
}

// endSome ends the next few, and reports whether there can be more. One after the
// other, so that nothing is told twice; and only a few, so that what a person
// wants to stay connected after all is not told because it was wanted before.
func (c *Connector) endSome(ctx context.Context, s backend.SignIn) (more bool, err error) {
	c.telling.Lock()
	defer c.telling.Unlock()
	if !s.EndedAt.IsZero() {
		return false, c.letGoEnded(ctx, s)
	}
	waiting, err := c.Register.PendingDisconnects(ctx, s.SignInKey)
	if err != nil {
		return false, err
	}
	if len(waiting.Connections) > 0 {
		group, inGroup := errgroup.WithContext(ctx)
		for _, id := range waiting.Connections[:min(len(waiting.Connections), detailsAtOnce)] {
			group.Go(func() error { return c.endConnection(inGroup, s, id) })
		}
		return true, group.Wait()
	}
	if !waiting.Revoke {
		return false, nil
	}
	return false, c.letGo(ctx, s)
}

// endConnection ends one connection at Xero and then here.
func (c *Connector) endConnection(ctx context.Context, s backend.SignIn, connectionID string) error {
	err := c.call(ctx, s, func(token backend.Token) error {
		return c.Xero.Disconnect(ctx, token, connectionID)
	})
	if err != nil {
		return err
	}
	return c.recordEnded(ctx, s, connectionID)
}

// recordEnded writes down that Xero has ended a connection.
func (c *Connector) recordEnded(ctx context.Context, s backend.SignIn, connectionID string) error {
	c.recording.Lock()
	defer c.recording.Unlock()
	defer c.change(func() {
		c.noteEnded(s.SignInKey, connectionID)
		c.revision++
	})
	return c.Register.MarkDisconnected(ctx, s.SignInKey, connectionID, c.Now())
}

// limited reports whether a limit of Xero's keeps a sign-in from telling it
// anything.
func (c *Connector) limited(s backend.SignIn) bool {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range []later{c.later[s.SignInKey], c.untold[s.SignInKey]} {
		if l.limit && l.waits(now) {
			return true
		}
	}
	return false
}
