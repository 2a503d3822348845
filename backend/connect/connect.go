package connect

import (
	"context"
	"errors"

	"bookring/backend"
)

// Connect signs a person in and adds what they connect to the list. It returns
// once the browser is open; how it goes on, and every failure, is in
// [Overview.SignIn]. While a sign-in is under way, Connect brings that one
// forward instead of beginning another. What Xero has granted but Bookring
// could not write down is taken up again without the browser.
func (c *Connector) Connect() { c.connect(nil) }

// connect is Connect, for whoever is asked for.
func (c *Connector) connect(asked *backend.SignIn) {
	ctx, r, entered := c.enter(true, asked)
	if !entered {
		c.bringForward(r, asked)
		return
	}
	if grant := c.takePending(asked); grant != nil {
		c.change(func() { r.progress.Phase = PhaseReading })
		go func() {
			defer c.leave(r)
			c.take(ctx, r, grant)
		}()
		return
	}
	if err := c.begin(ctx, r); err == nil {
		_ = c.open(r) // the window shows it
	}
}

// again begins a round for the browser's page and returns where to send it.
func (c *Connector) again(asked *backend.SignIn) (string, error) {
	ctx, r, entered := c.enter(false, asked)
	if !entered {
		return "", backend.Fail(backend.Cancelled, "", nil)
	}
	if err := c.begin(ctx, r); err != nil {
		return "", err
	}
	return r.attempt.Link(), nil
}

// begin prepares a round up to the moment when the browser may go to Xero, and
// follows it. It fails, and shows, when there is no client ID, no keychain that
// keeps what Xero will give, or no way back.
func (c *Connector) begin(ctx context.Context, r *round) error {
	attempt, err := c.prepare(ctx)
	if err != nil {
		c.finish(r, backend.End{Failure: backend.AsFailure(err)})
		c.leave(r)
		return err
	}
	deadline := stamp(attempt.Deadline())
	c.change(func() {
		r.attempt = attempt
		r.progress.Phase, r.progress.Deadline = PhaseWaiting, deadline
	})
	go func() {
		defer c.leave(r)
		c.follow(ctx, r)
	}()
	return nil
}

// prepare tries the keychain before the browser opens, so that a consent is
// never spent on a store that cannot keep it.
func (c *Connector) prepare(ctx context.Context) (Attempt, error) {
	if err := c.writable(ctx); err != nil {
		return nil, err
	}
	clientID, err := c.usableClientID(ctx)
	if err != nil {
		return nil, err
	}
	vault, _ := c.vault()
	if err := vault.Probe(ctx); err != nil {
		return nil, err
	}
	attempt, err := c.Authoriser.Begin(ctx, clientID)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil { // cancelled meanwhile: no browser may open any more
		attempt.Cancel()
		return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
	}
	return attempt, nil
}

// follow sees a round through, whoever began it: the window's button, or the
// link on the browser's page.
func (c *Connector) follow(ctx context.Context, r *round) {
	grant, err := r.attempt.Wait(ctx, func() {
		c.change(func() { r.progress.Phase = PhaseReading })
	})
	if err != nil {
		c.end(r, backend.End{Failure: backend.AsFailure(err)})
		return
	}
	c.take(ctx, r, &granted{Grant: grant})
}

// take writes down what a round was granted, has the rest read, and ends it.
func (c *Connector) take(ctx context.Context, r *round, grant *granted) {
	c.mu.Lock()
	asked := r.asked
	c.mu.Unlock()
	outcome, err := c.complete(ctx, grant, asked)
	if err == nil {
		c.readConnected(*outcome)
	}
	c.end(r, backend.End{Outcome: outcome, Failure: backend.AsFailure(err)})
}

// end tells the window and the browser how a round ended. The page offers the
// next round, which begins like any other; it is for the same person if they
// did not come.
func (c *Connector) end(r *round, end backend.End) {
	c.finish(r, end)
	if r.attempt == nil {
		return
	}
	var next *backend.SignIn
	if end.Outcome != nil && end.Outcome.Expected.Missed() {
		next = &end.Outcome.Expected.SignIn
	}
	r.attempt.Show(end, func() (string, error) { return c.again(next) })
}

// finish shows the end of a round in the window.
func (c *Connector) finish(r *round, end backend.End) {
	c.change(func() {
		c.revision++
		r.progress = Progress{
			Number: r.progress.Number, Phase: PhaseFailed, Asked: r.progress.Asked, Failed: ForWindow(end.Failure),
		}
		if end.Outcome != nil {
			r.progress.Phase, r.progress.Connected = PhaseDone, connected(*end.Outcome)
		}
	})
	if end.Failure != nil {
		c.Log.Info("sign-in ended", "code", end.Failure.Code, "error", cause(end.Failure))
		return
	}
	o := end.Outcome
	c.Log.Info("sign-in ended", "added", len(o.Added), "back", len(o.Back), "known", len(o.Known), "total", o.Total)
}

// Note writes a failure into the log: what the window shows has no room for
// what was behind it.
func (c *Connector) Note(err error) {
	f := backend.AsFailure(err)
	c.Log.Warn("failed", "code", f.Code, "error", cause(f))
}

// cause is what the log says of a failure: its error, which holds no secret.
func cause(f *backend.Failure) string {
	if err := errors.Unwrap(f); err != nil {
		return err.Error()
	}
	return ""
}
