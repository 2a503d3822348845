package connect

import (
	"context"
	"errors"

	"bookring/backend"
)

// Connect signs a person in and adds what they connect to the list. It returns
// once the browser is open; how it goes on, and every failure, is in
// [Overview.SignIn]. While a sign-in waits, Connect brings that one forward
// instead of beginning another. What Xero has granted but Bookring could not
// write down is taken up again without the browser.
func (c *Connector) Connect(ctx context.Context) {
	if waiting := c.latest(); waiting != nil {
		c.open(waiting)
		return
	}
	if grant := c.takePending(); grant != nil {
		c.resume(*grant)
		return
	}
	if r, err := c.begin(ctx); err == nil {
		c.open(r)
	}
}

// begin prepares a round up to the moment when the browser may go to Xero, and
// follows it. It fails, and shows, when there is no client ID, no keychain that
// keeps what Xero will give, or no way back.
func (c *Connector) begin(ctx context.Context) (*round, error) {
	life, cancel := context.WithCancel(context.Background()) // outlives the click
	r := &round{cancel: cancel}
	c.enter(r)
	attempt, err := c.prepare(ctx)
	if err != nil {
		c.finish(r, backend.End{Failure: backend.AsFailure(err)})
		c.leave(r)
		return nil, err
	}
	c.mu.Lock()
	r.attempt = attempt
	c.mu.Unlock()
	c.show(r, func(p *Progress) {
		p.Phase, p.Deadline = PhaseWaiting, stamp(attempt.Deadline())
	})
	c.running.Go(func() { c.follow(life, r) })
	return r, nil
}

// prepare tries the keychain before the browser opens, so that a consent is
// never spent on a store that cannot keep it.
func (c *Connector) prepare(ctx context.Context) (Attempt, error) {
	clientID, err := c.usableClientID(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.vault().Probe(ctx); err != nil {
		return nil, err
	}
	return c.Authoriser.Begin(ctx, clientID)
}

// open sends the browser to Xero. If it does not open, the person copies the
// link; the round goes on.
func (c *Connector) open(r *round) {
	attempt := c.attempt(r)
	if attempt == nil {
		return
	}
	err := c.Browse(attempt.Link())
	if err != nil {
		c.Log.Warn("browser", "code", backend.AsFailure(err).Code)
	}
	c.show(r, func(p *Progress) { p.BrowserFailed = err != nil })
}

// follow sees a round through, whoever began it: the window's button, or the
// link on the browser's page.
func (c *Connector) follow(ctx context.Context, r *round) {
	defer c.leave(r)
	grant, err := r.attempt.Wait(ctx, func() {
		c.show(r, func(p *Progress) { p.Phase = PhaseReading })
	})
	if err != nil {
		c.end(r, nil, err)
		return
	}
	outcome, err := c.complete(ctx, grant)
	c.end(r, outcome, err)
	if err == nil {
		c.readDetails(ctx, grant.Token, outcome.Changes)
	}
}

// resume completes a grant that could not be written down earlier.
func (c *Connector) resume(grant backend.Grant) {
	life, cancel := context.WithCancel(context.Background())
	r := &round{cancel: cancel}
	c.enter(r)
	c.show(r, func(p *Progress) { p.Phase = PhaseReading })
	c.running.Go(func() {
		defer c.leave(r)
		outcome, err := c.complete(life, grant)
		c.end(r, outcome, err)
		if err == nil {
			c.readDetails(life, grant.Token, outcome.Changes)
		}
	})
}

// end tells the window and the browser how a round ended. The page offers the
// next round, which begins like any other.
func (c *Connector) end(r *round, outcome *backend.Outcome, err error) {
	end := backend.End{Outcome: outcome, Failure: backend.AsFailure(err)}
	c.finish(r, end)
	if r.attempt != nil {
		r.attempt.Show(end, c.again)
	}
}

// again begins a round for the browser's page and returns where to send it.
func (c *Connector) again() (string, error) {
	r, err := c.begin(context.Background())
	if err != nil {
		return "", err
	}
	return r.attempt.Link(), nil
}

// finish shows the end of a round in the window.
func (c *Connector) finish(r *round, end backend.End) {
	c.mu.Lock()
	r.ended = true
	c.revision++
	c.mu.Unlock()
	c.show(r, func(p *Progress) {
		p.Deadline, p.BrowserFailed = "", false
		if end.Failure != nil {
			p.Phase, p.Failed = PhaseFailed, ForWindow(end.Failure)
			return
		}
		p.Phase, p.Connected = PhaseDone, connected(*end.Outcome)
	})
	if end.Failure != nil {
		c.Log.Info("sign-in ended", "code", end.Failure.Code, "error", cause(end.Failure))
		return
	}
	o := end.Outcome
	c.Log.Info("sign-in ended", "added", len(o.Added), "back", len(o.Back), "known", len(o.Known), "total", o.Total)
}

// cause is what the log says of a failure: its error, which holds no secret.
func cause(f *backend.Failure) string {
	if err := errors.Unwrap(f); err != nil {
		return err.Error()
	}
	return ""
}

func (c *Connector) attempt(r *round) Attempt {
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.attempt
}
