package record

import (
	"context"
	"slices"

	"bookring/backend"
)

// compare reconciles Xero's list with the register and says what the list means for an
// expected person who did not sign in.
func (r *Recorder) compare(ctx context.Context, s backend.SignIn, list backend.List, asked *backend.SignIn) (changes backend.Changes, e *backend.Expected, err error) {
	if e, err = r.expected(ctx, s, asked); err != nil {
		return changes, nil, err
	}
	before := 0
	if e != nil {
		if before, err = r.repairable(ctx, e.SignIn.SignInKey); err != nil {
			return changes, nil, err
		}
	}
	if changes, err = r.Register.Reconcile(ctx, s, list, r.clock.Now()); err != nil {
		return changes, nil, err
	}
	if e != nil {
		e.Unreached, err = r.repairable(ctx, e.SignIn.SignInKey)
		e.Reconnected = before - e.Unreached
	}
	return changes, e, err
}

// expected returns the expected person if another person signed in: the person asked
// for, or the person of the latest sign-in.
func (r *Recorder) expected(ctx context.Context, came backend.SignIn, asked *backend.SignIn) (*backend.Expected, error) {
	e := &backend.Expected{Asked: asked != nil}
	if e.Asked {
		e.SignIn = *asked
	} else {
		all, err := r.Register.AllSignIns(ctx)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		e.SignIn = slices.MaxFunc(all, func(a, b backend.SignIn) int { return a.At.Compare(b.At) })
	}
	if e.SignIn.Issuer == came.Issuer && e.SignIn.UserID == came.UserID {
		return nil, nil
	}
	return e, nil
}

// repairable counts the unreached organisations of an ended sign-in.
func (r *Recorder) repairable(ctx context.Context, key backend.SignInKey) (n int, err error) {
	groups, err := r.Register.Unreached(ctx)
	for _, g := range groups {
		if g.By(key) {
			n += g.Organisations
		}
	}
	return n, err
}
