package rounds

import (
	"context"

	"bookring/backend"
)

// Connect begins a round and returns after the browser has opened; [Rounds.Progress] tells
// the rest, failures too. Asked is the expected person, or nil: another person's sign-in
// is recorded as that person's own, and the outcome names both. While a round is under
// way, Connect brings the round forward instead. A pending grant is recorded without the
// browser.
func (r *Rounds) Connect(asked *backend.SignIn) {
	ctx, entered, ok := r.enter(true, asked)
	if !ok {
		r.bringForward(entered, asked)
		return
	}
	if p := r.takePending(asked); p != nil {
		r.change(func() { entered.progress.Phase = Reading })
		r.inBackground(entered, func() { r.record(ctx, entered, p) })
		return
	}
	if err := r.begin(ctx, entered); err == nil {
		_ = r.open(entered) // the window shows a failure
	}
}

// again begins a round for the browser's page and returns the link.
func (r *Rounds) again(asked *backend.SignIn) (string, error) {
	ctx, entered, ok := r.enter(false, asked)
	if !ok {
		return "", backend.Fail(backend.Cancelled, "", nil)
	}
	if err := r.begin(ctx, entered); err != nil {
		return "", err
	}
	return entered.attempt.Link(), nil
}

// begin prepares a round up to the opening of the browser, and follows the round in the
// background. Fails, and shows the failure, without a client ID, a working keychain or a
// free port.
func (r *Rounds) begin(ctx context.Context, entered *round) error {
	var attempt attempt
	err := r.tasks.Try(func() (err error) {
		attempt, err = r.prepare(ctx)
		return err
	})
	if err != nil {
		r.finish(entered, backend.End{Failure: backend.AsFailure(err)})
		r.leave(entered)
		return err
	}
	deadline := attempt.Deadline()
	r.change(func() {
		entered.attempt = attempt
		entered.progress.Phase, entered.progress.Deadline = Waiting, deadline
	})
	r.inBackground(entered, func() { r.follow(ctx, entered) })
	return nil
}

// inBackground does the rest of a round. A panic is the end of the round.
func (r *Rounds) inBackground(entered *round, do func()) {
	r.tasks.Spawn(func() {
		defer r.leave(entered)
		if err := r.tasks.Try(func() error { do(); return nil }); err != nil {
			r.end(entered, backend.End{Failure: backend.AsFailure(err)}, true)
		}
	})
}

func (r *Rounds) prepare(ctx context.Context) (attempt, error) {
	clientID, err := r.Prepare(ctx)
	if err != nil {
		return nil, err
	}
	attempt, err := r.Begin(ctx, clientID)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil { // cancelled meanwhile: no browser may open any more
		attempt.Cancel()
		return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
	}
	return attempt, nil
}

// follow leads a round to its end, begun by the window's button or by the page's link. An
// answer of Xero has the shutdown grace period to be exchanged and saved: the code works
// once, and Xero has connected the organisation.
func (r *Rounds) follow(ctx context.Context, entered *round) {
	if err := entered.attempt.Wait(ctx); err != nil {
		r.end(entered, backend.End{Failure: backend.AsFailure(err)}, false)
		return
	}
	ctx, release := r.tasks.Extend(ctx)
	defer release()
	r.change(func() {
		if !entered.cancelled {
			entered.progress.Phase = Reading
		}
	})
	grant, err := entered.attempt.Grant(ctx)
	if err != nil {
		r.end(entered, backend.End{Failure: backend.AsFailure(err)}, true)
		return
	}
	r.mu.Lock()
	asked := entered.asked
	r.mu.Unlock()
	r.record(ctx, entered, r.add(ctx, &grant, asked))
}

// record records a taken grant and ends the round. After a failure Bookring goes on in the
// background.
func (r *Rounds) record(ctx context.Context, entered *round, p *pending) {
	r.mu.Lock()
	again := p.failed // goOn runs already
	r.mu.Unlock()
	outcome, waits, err := r.try(ctx, p)
	if err != nil {
		outcome = nil
	}
	r.mu.Lock()
	saved := p.saved
	r.mu.Unlock()
	if waits && !again {
		r.tasks.Go(context.WithoutCancel(ctx), func(ctx context.Context) { r.goOn(ctx, p) })
	}
	r.end(entered, backend.End{Outcome: outcome, Failure: failureOf(err), Pending: waits && saved}, !waits || saved)
}

// end shows the end of a round in the window and on the browser's page. With offer the page
// offers the next round, for the same expected person after a failure, or if another person
// came. An unsaved grant has no offer: the keychain would refuse the next one too.
func (r *Rounds) end(entered *round, end backend.End, offer bool) {
	r.finish(entered, end)
	if entered.attempt == nil {
		return
	}
	if !offer {
		entered.attempt.Show(end, nil)
		return
	}
	var next *backend.SignIn
	switch {
	case end.Failure != nil:
		r.mu.Lock()
		next = entered.asked
		r.mu.Unlock()
	case end.Outcome.Expected.Missed():
		next = &end.Outcome.Expected.SignIn
	}
	entered.attempt.Show(end, func() (string, error) { return r.again(next) })
}

// finish shows the end of a round in the window. The end of a cancelled or hidden round is
// shown as a late one.
func (r *Rounds) finish(entered *round, end backend.End) {
	r.mu.Lock()
	late := entered != r.shown && end.Outcome != nil
	if entered.cancelled {
		late = !end.Pending // the window shows the reading by itself
	}
	if !entered.cancelled {
		entered.progress = Progress{
			Number: entered.progress.Number, Phase: Failed, Expected: entered.progress.Expected, Failure: end.Failure,
		}
		if end.Outcome != nil {
			entered.progress.Phase, entered.progress.Outcome = Done, end.Outcome
		}
	}
	r.mu.Unlock()
	if late {
		r.report(end.Outcome, end.Failure)
	}
	r.events.Rows()
	if f := end.Failure; f != nil {
		r.log.Info("round ended", "code", f.Code, "error", f.Cause())
		return
	}
	o := end.Outcome
	r.log.Info("round ended", "added", len(o.Added), "back", len(o.Reconnected), "known", len(o.AlreadyConnected), "total", o.Total)
}

// report shows a late end in the window: an outcome, or a failure that the user does not
// expect after a cancel.
func (r *Rounds) report(outcome *backend.Outcome, failure *backend.Failure) {
	if failure != nil {
		outcome = nil
		switch failure.Code {
		case backend.Cancelled, backend.Refused, backend.SignInTimeout:
			return
		}
	}
	r.mu.Lock()
	r.late = Late{Number: r.late.Number + 1, Outcome: outcome, Failure: failure}
	r.mu.Unlock()
	r.events.Rows()
}
