package recovery

import (
	"context"
	"slices"

	"bookring/backend"
)

// Return looks for the credentials of the sign-ins ended for lack of a credential, and makes
// the sign-ins with a credential living again. Returned counts these sign-ins; a check is due
// for each. Without such an end the keychain is not asked, and a locked keychain is not asked
// to unlock. A keychain without an answer changes nothing.
func (r *Recovery) Return(ctx context.Context) (returned int) {
	all, err := r.Register.AllSignIns(ctx)
	if err != nil {
		return 0 // the check reports the failure
	}
	missing := slices.DeleteFunc(all, func(s backend.SignIn) bool { return !s.Ending.KeyCanReturn() })
	if len(missing) == 0 || r.SignIns.Unlocked(ctx) != nil {
		return 0
	}
	found, err := r.found(ctx, missing)
	if err == nil && len(found) > 0 {
		returned, err = r.Register.ReturnSignIns(ctx, found, r.clock.Now())
	}
	if r.lasting.Began("return", err) {
		r.log.Info("keys not looked for", "code", backend.CodeOf(err))
	}
	if err != nil {
		return 0
	}
	if returned > 0 {
		r.log.Info("keys are back", "total", returned)
	}
	return returned
}

// found returns the sign-ins with a whole credential in the keychain. After a refusal of an
// older credential only a newer credential counts.
func (r *Recovery) found(ctx context.Context, missing []backend.SignIn) (found []backend.SignIn, err error) {
	for _, s := range missing {
		c, is, err := r.SignIns.Recall(ctx, s.SignInKey)
		if err != nil {
			return nil, err
		}
		if is && (s.Ending != backend.KeyOld || !c.At.Before(s.RenewedAt)) {
			found = append(found, c)
		}
	}
	return found, nil
}

// Unlocked reports a keychain with an answer and without a prompt.
func (r *Recovery) Unlocked(ctx context.Context) bool { return r.SignIns.Unlocked(ctx) == nil }
