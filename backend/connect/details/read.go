package details

import (
	"context"
	"errors"
	"slices"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// read reads the details of one organisation. An error ends the reading of the others
// too.
func (r *Reader) read(ctx context.Context, o organisation) error {
	var failed *failure
	through := slices.DeleteFunc(o.through, func(s backend.SignIn) bool { // deferred meanwhile
		return !r.deferred.Ready(subject{signIn: s.SignInKey}, r.clock.Now())
	})
	if len(through) == 0 {
		return ctx.Err()
	}
	for _, s := range through {
		failed = r.readThrough(ctx, s, o.id)
		if err := r.tellScope(ctx, s, failed); err != nil {
			return err
		}
		if failed == nil || failed.code() != backend.XeroForbidden && failed.code() != backend.ScopeMissing {
			break // a refusal concerns one sign-in; the next can have access
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var err error
	switch {
	case failed == nil:
		r.all.Forget(struct{}{})
		r.answers.Add(1)
		r.failures.Store(0)
		r.deferred.Forget(subject{organisation: o.id})
	case failed.code() == backend.XeroForbidden:
		r.answers.Add(1)
		err = errors.Join(r.Register.SaveRefusal(ctx, o.id, r.clock.Now()), r.deferOne(o.id, failed))
	case failed.code() == backend.ScopeMissing: // told above
	default:
		return r.deferOne(o.id, failed)
	}
	r.events.Rows()
	return err
}

// tellScope tells a refusal for lack of a scope, which concerns the whole sign-in, and the end
// of an earlier refusal.
func (r *Reader) tellScope(ctx context.Context, s backend.SignIn, failed *failure) error {
	missing := failed != nil && failed.code() == backend.ScopeMissing
	if missing {
		r.deferSubject(subject{signIn: s.SignInKey}, backend.AsFailure(failed.err))
	}
	if missing != (s.Trouble == backend.ScopeMissing) && (missing || failed == nil) {
		return r.events.Scope(ctx, s, missing)
	}
	return nil
}

// failure is a failed reading: of the sign-in's access token if signIn is set, otherwise
// of the call or the register.
type failure struct {
	signIn *backend.SignInKey
	err    error
}

func (f *failure) code() backend.Code { return backend.AsFailure(f.err).Code }

// readThrough reads and records one organisation through one sign-in.
func (r *Reader) readThrough(ctx context.Context, s backend.SignIn, organisationID string) *failure {
	var read backend.Details
	var callErr error
	err := r.SignIns.Call(ctx, s, func(token backend.Token) error {
		if f := r.Limits.Held(s.ClientID, organisationID); f != nil {
			callErr = f // no turn of the pace for a call without a question
			return f
		}
		if callErr = r.pause(ctx, organisationID); callErr == nil {
			read, callErr = r.Xero.Details(ctx, token, organisationID)
		}
		return callErr
	})
	switch {
	case err != nil && !errors.Is(err, callErr): // no access token
		return &failure{&s.SignInKey, err}
	case err != nil:
		return &failure{nil, err}
	}
	if err := r.Register.SaveDetails(ctx, organisationID, read, r.clock.Now()); err != nil {
		return &failure{nil, err}
	}
	return nil
}

// pause waits for the turn of a call about an organisation.
func (r *Reader) pause(ctx context.Context, organisationID string) error {
	if wait := r.pace.next(organisationID, r.clock.Now()); wait > 0 {
		return r.clock.Pause(ctx, wait)
	}
	return ctx.Err()
}

// deferOne defers the subject of a failure. It returns the failure if the other
// organisations would meet the same.
func (r *Reader) deferOne(organisationID string, failed *failure) error {
	f := backend.AsFailure(failed.err)
	if failed.signIn != nil {
		// A limit of the token endpoint leaves the sign-ins with a valid access token.
		if retry.SharedFailure(f) && f.Code != backend.XeroRateLimit {
			return failed.err
		}
		// The next check finds out whether the sign-in has ended.
		r.deferSubject(subject{signIn: *failed.signIn}, f)
		return nil
	}
	if f.Code == backend.XeroRateLimit {
		return nil // package limits holds the next calls
	}
	if !concernsOne(f) {
		return failed.err
	}
	if !retry.OfNetwork(f.Code) {
		r.noteTry(organisationID, f.Code)
	}
	r.deferSubject(subject{organisation: organisationID}, f)
	if mayConcernAll(f.Code) && r.failures.Add(1) >= mostFailures {
		return failed.err
	}
	return nil
}

// mostFailures is the number of organisations whose details fail one after the other before
// the failure counts as Xero's or the network's: the others go on after a failure of one.
const mostFailures = 3

// concernsOne reports a failure possible for a single organisation.
func concernsOne(f *backend.Failure) bool {
	switch f.Code {
	case backend.XeroForbidden, backend.XeroNotFound, backend.XeroUnreadable, backend.XeroRefusedRequest:
		return true
	}
	return mayConcernAll(f.Code)
}

// mayConcernAll reports a failure of one organisation, of Xero, or of the network: the answer
// about a single organisation can be slow or refused for ever.
func mayConcernAll(code backend.Code) bool {
	return code == backend.XeroError || code == backend.XeroUnavailable || retry.OfNetwork(code)
}

// deferSubject defers a subject to the end of a limit, or for an hour, doubled up to a
// day. A refusal defers for a day.
func (r *Reader) deferSubject(s subject, f *backend.Failure) {
	now := r.clock.Now()
	until, changed := r.deferred.Defer(s, f, now, 0)
	if f.Code == backend.XeroForbidden {
		r.deferred.DeferFor(s, maxAge, now)
		until = now.Add(maxAge)
	}
	if changed {
		r.log.Info("details deferred", "code", f.Code, "until", until)
	}
}

// deferAll defers all reading after a shared failure.
func (r *Reader) deferAll(err error) {
	r.all.Defer(struct{}{}, backend.AsFailure(err), r.clock.Now(), 0)
}

// Reset ends every backoff.
func (r *Reader) Reset() {
	r.all.Reset()
	r.deferred.Reset()
}

// NetworkBack ends every backoff after a failure of the network.
func (r *Reader) NetworkBack() {
	r.all.ResetNetwork()
	r.deferred.ResetNetwork()
}
