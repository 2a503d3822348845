package record

import (
	"context"
	"slices"

	"bookring/backend"
)

// Check asks Xero for the list of s and records the list, or the failure as the trouble
// or the end of s; see [backend.EndingOf]. The error is a
// failure to write the register.
func (r *Recorder) Check(ctx context.Context, s backend.SignIn) (backend.CheckResult, error) {
	l, err := r.ask(ctx, s)
	defer r.underWay.remove(l)
	return r.record(ctx, s, l, err)
}

// Failed records a failure to use s as Check does.
func (r *Recorder) Failed(ctx context.Context, s backend.SignIn, err error) (backend.CheckResult, error) {
	return r.record(ctx, s, nil, err)
}

// Remaining asks Xero for the list of a sign-in whose connections are all ended. A list
// with an organisation is recorded, and result is not nil: a connection made since keeps
// the sign-in. Otherwise rest holds the connections of other types. Fails with
// XeroPartlyRead, because the rest of the list can hold an organisation.
func (r *Recorder) Remaining(ctx context.Context, s backend.SignIn) (rest []backend.Connection, result *backend.CheckResult, err error) {
	l, err := r.ask(ctx, s)
	defer r.underWay.remove(l)
	if err != nil {
		return nil, nil, err
	}
	isOrganisation := func(c backend.Connection) bool { return c.Type == backend.OrganisationType }
	if !slices.ContainsFunc(l.Connections, isOrganisation) {
		if !l.Whole() {
			return nil, nil, partFailure(l.Part)
		}
		return l.Connections, nil, nil
	}
	recorded, err := r.record(ctx, s, l, nil)
	return nil, &recorded, err
}

// List asks Xero for the list of s and records nothing. With XeroPartlyRead, List returns
// the understood part.
func (r *Recorder) List(ctx context.Context, s backend.SignIn) ([]backend.Connection, error) {
	l, err := r.ask(ctx, s)
	r.underWay.remove(l)
	if err == nil && !l.Whole() {
		err = partFailure(l.Part)
	}
	return l.Connections, err
}

// RevokeUnused revokes a sign-in with no connection in Xero's list, except those in ended,
// because Xero's list can still name an ended connection. Otherwise left holds the other
// connections, and nothing is revoked. The recording waits meanwhile, so that no grant of
// the same person comes between the list and the revocation. The credential remains for the
// caller to delete.
func (r *Recorder) RevokeUnused(ctx context.Context, s backend.SignIn, ended []string) (left []backend.Connection, err error) {
	defer r.lock()()
	listed, err := r.List(ctx, s)
	if err != nil {
		return nil, err
	}
	left = slices.DeleteFunc(listed, func(c backend.Connection) bool { return slices.Contains(ended, c.ID) })
	if len(left) > 0 {
		return left, nil
	}
	if err := r.SignIns.RevokeOnly(ctx, s); err != nil {
		return nil, err
	}
	r.Revoked(s.SignInKey)
	return nil, nil
}

// ask reads Xero's list. The caller removes the list from underWay after recording.
func (r *Recorder) ask(ctx context.Context, s backend.SignIn) (*list, error) {
	l := r.underWay.add(s.SignInKey, r.clock.Now())
	err := r.SignIns.Call(ctx, s, func(token backend.Token) (err error) {
		l.narrowed = !token.ReadsSettings()
		l.List, err = r.Xero.Connections(ctx, token)
		return err
	})
	return l, err
}

// record records a list, or the failure to read one.
func (r *Recorder) record(ctx context.Context, s backend.SignIn, l *list, failed error) (backend.CheckResult, error) {
	defer r.lock()()
	living, err := r.Register.SignIns(ctx)
	if err != nil || !unchanged(s, living) {
		return backend.CheckResult{Superseded: true, Failure: backend.AsFailure(failed)}, err
	}
	var changes backend.Changes
	if failed == nil {
		changes, failed = r.Register.Reconcile(ctx, s, r.underWay.remaining(l), r.clock.Now())
		// Only a new sign-in, or a successful reading of settings, ends a missing scope.
		if failed == nil && (l.narrowed || s.Trouble == backend.ScopeMissing) {
			failed = backend.Fail(backend.ScopeMissing, "", nil)
		}
	}
	if failed != nil {
		return r.recordFailureLocked(ctx, s, failed)
	}
	r.lasting.Began(s.SignInKey, nil)
	r.parts.set(s.SignInKey, l.Part)
	if !l.Whole() {
		if s.Trouble != backend.XeroPartlyRead { // a repeated failure is logged once
			r.log.Info("list understood in part", "signin", r.name(s.SignInKey), "total", l.Entries, "odd", l.Odd, "cut", l.Cut)
		}
		return backend.CheckResult{Failure: partFailure(l.Part)}, nil
	}
	r.Listed(s.SignInKey, l.asked, changes)
	if s.Trouble != "" {
		r.log.Info("sign-in checked again", "signin", r.name(s.SignInKey), "was", s.Trouble)
	}
	return backend.CheckResult{}, nil
}

// unchanged reports whether s, as read earlier, is still living and neither renewed by
// the user nor checked since.
func unchanged(s backend.SignIn, living []backend.SignIn) bool {
	return slices.ContainsFunc(living, func(now backend.SignIn) bool {
		return now.SignInKey == s.SignInKey && now.At.Equal(s.At) && now.CheckedAt.Equal(s.CheckedAt)
	})
}

// recordFailureLocked records the end of a sign-in, or its trouble.
func (r *Recorder) recordFailureLocked(ctx context.Context, s backend.SignIn, err error) (backend.CheckResult, error) {
	f, why := backend.SignInFailure(err), backend.EndingOf(err)
	if r.lasting.Began(s.SignInKey, f) && f.Code != s.Trouble { // a lasting failure is logged once
		r.log.Info("sign-in not checked", "signin", r.name(s.SignInKey), "code", f.Code, "error", f.Cause())
	}
	switch {
	case why != "":
		return backend.CheckResult{Ended: true, Failure: f}, r.Register.EndSignIn(ctx, s.SignInKey, why, r.clock.Now())
	case f.Code == backend.Cancelled:
		return backend.CheckResult{Failure: f}, nil
	}
	return backend.CheckResult{Failure: f}, r.Register.SaveTrouble(ctx, []backend.SignInKey{s.SignInKey}, f.Code)
}

// MarkUnchecked records a shared failure as the trouble of sign-ins not asked yet, and
// returns the marked sign-ins: a sign-in asked since has a newer answer.
func (r *Recorder) MarkUnchecked(ctx context.Context, rest []backend.SignIn, code backend.Code) ([]backend.SignInKey, error) {
	defer r.lock()()
	living, err := r.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	var keys []backend.SignInKey
	for _, s := range rest {
		if unchanged(s, living) {
			keys = append(keys, s.SignInKey)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return keys, r.Register.SaveTrouble(ctx, keys, code)
}
