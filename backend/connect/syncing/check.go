package syncing

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/task"
)

const (
	// spread is the time over which the sign-ins of a scheduled check are spread, and
	// longestSpace the longest space between two sign-ins: many computers wake in the
	// same minute of the morning.
	spread       = 30 * time.Second
	longestSpace = 3 * time.Second
	// stopPause is the time before a check stopped by the user continues by itself.
	stopPause = time.Hour
)

// Want ends every backoff, for a user who wants a check, and the spacing of a running check.
// Follows reports that a check of the unasked sign-ins follows the running check.
func (s *Syncer) Want() (follows bool) {
	return s.want(s.Reset)
}

// Check checks, in the background, the sign-ins whose last check is at least age old, the
// sign-ins in trouble, and the ones with a disconnect to send. Scheduled is a check without a waiting user: it spaces the sign-ins.
func (s *Syncer) Check(age time.Duration, scheduled bool) {
	if !scheduled {
		s.endSpacing()
	}
	ctx, done, begun := s.tasks.Begin(context.Background())
	if !begun {
		return
	}
	var due []backend.SignIn
	_ = s.tasks.Try(func() error { due = s.due(ctx, age); return nil })
	c, begun := s.running.begin(ctx, due, age == 0 && !scheduled, s.clock.Now())
	if !begun {
		done()
		return
	}
	s.Details.Suspend()
	s.events.Progress()
	s.tasks.Spawn(func() {
		defer done()
		defer s.events.Checked()
		for begun {
			_ = s.tasks.Try(func() error { s.run(c, scheduled); return nil })
			if s.tasks.Try(func() error { c, begun = s.next(ctx); return nil }) != nil {
				begun = false
				s.running.abandon()
			}
			scheduled = false
		}
		s.Details.Resume()
		s.running.hide()
		s.events.Progress()
	})
}

// next follows a check: another check of the sign-ins unasked since the user wanted one, or
// the end. The caller shows the end after the reading of details has begun, so that the
// window never sees a gap in between.
func (s *Syncer) next(ctx context.Context) (c check, begun bool) {
	for {
		now := s.clock.Now()
		c, began, begun := s.running.again(ctx, now)
		if !begun {
			return check{}, false
		}
		s.Reset()                                                 // the stopped check can have deferred sign-ins after the user's request
		c.signIns = s.due(c.ctx, now.Sub(began)+time.Millisecond) // the register's resolution
		if len(c.signIns) > 0 && c.ctx.Err() == nil {
			s.running.count(func(p *Progress) { p.Total = len(c.signIns) })
			s.events.Progress()
			return c, true
		}
	}
}

// run checks the sign-ins in turn. A shared failure marks the rest unchecked.
func (s *Syncer) run(c check, scheduled bool) {
	logged := logCheck(s.log, s.clock, &s.lasting, c.signIns, scheduled)
	turns := s.turns
	turns.before = func(i int) {
		if i > 0 && scheduled {
			_ = s.clock.Pause(c.spaced, min(spread/time.Duration(len(c.signIns)), longestSpace))
		}
	}
	turns.done = func(n int) {
		s.running.count(func(p *Progress) { p.Done = n })
		s.events.Progress()
	}
	ended, begun, err := turns.take(c.signIns, func(signIn backend.SignIn) error {
		if c.ctx.Err() != nil { // stopped by the user before the turn
			return c.ctx.Err()
		}
		err := s.tasks.Try(func() error { return s.checkOne(c.ctx, signIn) })
		if errors.Is(err, backend.ErrPanic) { // the trouble of the sign-in
			return s.failed(c.ctx, signIn, err)
		}
		if c.ctx.Err() != nil { // stopped by the user
			return c.ctx.Err()
		}
		return err
	})
	if c.ctx.Err() != nil {
		s.deferStopped(without(c.signIns, ended))
	}
	if err != nil {
		s.markUnchecked(c.ctx, c.signIns[begun:], err)
	}
	logged(len(c.signIns)-len(without(c.signIns, ended)), err)
}

// without returns the sign-ins that are not ended.
func without(signIns []backend.SignIn, ended []bool) (rest []backend.SignIn) {
	for i, signIn := range signIns {
		if !ended[i] {
			rest = append(rest, signIn)
		}
	}
	return rest
}

// logCheck logs the beginning of a check, and returns a function to log the end after a
// number of sign-ins. A scheduled check of nothing but sign-ins in trouble has no lines, and
// neither has a scheduled check that fails as the check before: such checks can follow every
// minute. After a failure, the next scheduled success has only the second line.
func logCheck(log *slog.Logger, clock task.Clock, lasting *retry.Lasting[string], signIns []backend.SignIn, scheduled bool) (ended func(done int, err error)) {
	quiet := scheduled && !slices.ContainsFunc(signIns, func(signIn backend.SignIn) bool { return signIn.Trouble == "" })
	failing := lasting.Failing("check")
	logged := !quiet && (!scheduled || !failing)
	began := clock.Now()
	if logged {
		log.Info("check begun", "total", len(signIns), "asked", !scheduled)
	}
	return func(done int, err error) {
		changed := lasting.Began("check", err) || failing && err == nil
		if logged || changed && !quiet {
			log.Info("check ended", "done", done, "total", len(signIns),
				"took", clock.Now().Sub(began), "code", backend.CodeOf(err))
		}
	}
}

// checkOne checks one sign-in and then sends its pending disconnects: the list tells
// which organisations were connected again since. The error is a failure shared by the
// other sign-ins.
func (s *Syncer) checkOne(ctx context.Context, signIn backend.SignIn) error {
	if !signIn.EndedAt.IsZero() {
		_ = s.sendThrough(ctx, signIn) // deferred; the other sign-ins are not concerned
		return nil
	}
	if f := s.limited(signIn); f != nil { // met by a sign-in before; no call and no renewal
		return s.failed(ctx, signIn, f)
	}
	result, err := s.Recorder.Check(ctx, signIn)
	if err := s.conclude(signIn, result, err); err != nil {
		return err
	}
	if f := result.Failure; f != nil && f.Code == backend.ScopeMissing {
		s.Details.Add(signIn.SignInKey) // the reading finds out whether the scope is back
	}
	if f := result.Failure; f != nil && f.Code != backend.XeroPartlyRead {
		_ = s.revokeEnded(ctx, signIn)
		return nil
	}
	if signIn.DisconnectPending && s.sendThrough(ctx, signIn) != nil {
		return nil
	}
	s.Details.Add(signIn.SignInKey)
	return nil
}

// conclude draws the conclusions of a recorded check: backoff, log, window. The error is a
// failure shared by the other sign-ins, or of the register.
func (s *Syncer) conclude(signIn backend.SignIn, result backend.CheckResult, err error) error {
	if result.Superseded {
		return err
	}
	defer s.events.Rows()
	f := result.Failure
	switch {
	case f == nil:
		s.checks.Forget(signIn.SignInKey)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.lastFailed == signIn.SignInKey {
			s.lastFailed = backend.SignInKey{}
		}
		return nil
	case f.Code == backend.Cancelled && !result.Ended:
		return f
	case result.Ended:
		return err
	}
	s.deferChecks([]backend.SignInKey{signIn.SignInKey}, f)
	if err != nil || !shared(f.Code) { // a slow call may have a shared cause, see turns
		return err
	}
	s.mu.Lock()
	s.lastFailed = signIn.SignInKey
	s.mu.Unlock()
	return f
}

// shared reports a failure that ends a check. A limit does not: a sign-in of the limited app
// costs no call, another app has no limit, and during a limit of the token endpoint a valid
// access token is enough.
func shared(code backend.Code) bool { return retry.Shared(code) && code != backend.XeroRateLimit }

// failed records a failure to use a sign-in as a check does.
func (s *Syncer) failed(ctx context.Context, signIn backend.SignIn, failure error) error {
	result, err := s.Recorder.Failed(ctx, signIn, failure)
	return s.conclude(signIn, result, err)
}

// markUnchecked marks the rest of a check with a shared failure.
func (s *Syncer) markUnchecked(ctx context.Context, rest []backend.SignIn, err error) {
	f := backend.AsFailure(err)
	if !shared(f.Code) {
		return
	}
	keys, err := s.Recorder.MarkUnchecked(ctx, rest, f.Code)
	if s.lasting.Began("mark", err) {
		s.log.Warn("failed", "code", backend.CodeOf(err), "error", backend.AsFailure(err).Cause())
	}
	if len(keys) > 0 {
		s.deferChecks(keys, f)
		s.events.Rows()
	}
}
