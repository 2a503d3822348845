package record

import (
	"context"
	"slices"

	"bookring/backend"
)

// Scope records as the trouble of s whether Xero refuses the organisations' settings for lack
// of a scope. A sign-in with a newer answer stays unchanged.
func (r *Recorder) Scope(ctx context.Context, s backend.SignIn, missing bool) error {
	defer r.lock()()
	living, err := r.Register.SignIns(ctx)
	if err != nil {
		return err
	}
	same := func(now backend.SignIn) bool { return now.SignInKey == s.SignInKey && now.Trouble == s.Trouble }
	if !unchanged(s, living) || !slices.ContainsFunc(living, same) {
		return nil
	}
	trouble := backend.Code("")
	if missing {
		trouble = backend.ScopeMissing
	}
	return r.Register.SaveTrouble(ctx, []backend.SignInKey{s.SignInKey}, trouble)
}
