package recovery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"bookring/backend"
)

// Recall brings the sign-ins of the keychain missing in the register back. The keychain is
// asked after a loss, for an empty register, and if answered is true because the keychain
// has just answered anyway. After a loss a keychain without an answer is asked again later.
// Ended sign-ins remain ended, except after a loss: an older register can be behind its
// credentials. Reports whether the keychain has answered, now or before. During another
// Recall nothing happens.
func (r *Recovery) Recall(ctx context.Context, answered bool) bool {
	if !r.recalling.CompareAndSwap(false, true) {
		return false
	}
	defer r.recalling.Store(false)
	living, err := r.Register.SignIns(ctx)
	if err != nil {
		return false // the check reports the failure
	}
	lost := r.unanswered()
	if !lost && !answered && len(living) > 0 {
		return false
	}
	recalled := 0
	found, err := r.missing(ctx, lost, living)
	if err == nil && len(found) > 0 {
		recalled, err = r.Register.Recall(ctx, found, r.clock.Now())
	}
	if r.lasting.Began("recall", err) {
		r.log.Info("sign-ins not recalled", "code", backend.CodeOf(err))
	}
	if err != nil {
		r.keychain.DeferFor(struct{}{}, time.Hour, r.clock.Now())
		r.changed()
		return answered
	}
	if lost || recalled > 0 {
		r.log.Info("sign-ins recalled", "total", recalled)
		r.recalled(ctx, recalled)
	}
	return true
}

// RecallAgain asks a keychain without an answer after a loss, once an hour.
func (r *Recovery) RecallAgain(ctx context.Context) {
	if r.keychain.Ready(struct{}{}, r.clock.Now()) && r.unanswered() {
		r.Recall(ctx, false)
	}
}

// Reset lets the keychain be asked at once.
func (r *Recovery) Reset() { r.keychain.Reset() }

// unanswered reports a loss without the keychain's answer.
func (r *Recovery) unanswered() bool {
	l := r.lost()
	return l != nil && !l.Asked
}

// recalled records the keychain's answer and the number of recalled sign-ins.
func (r *Recovery) recalled(ctx context.Context, signIns int) {
	now := loss{At: r.now()}
	if l := r.lost(); l != nil {
		now = *l
	}
	if now.Read && signIns == 0 { // nothing new to read
		r.save(ctx, nil)
		return
	}
	now.Asked, now.Read, now.SignIns = true, false, now.SignIns+signIns
	r.save(ctx, &now)
}

// missing returns the sign-ins of the keychain that are missing in the register, or, after
// a loss, not living there. Fails if the keychain does not answer for a sign-in.
func (r *Recovery) missing(ctx context.Context, lost bool, living []backend.SignIn) ([]backend.SignIn, error) {
	keys, _, err := r.SignIns.Keys(ctx)
	if err != nil {
		return nil, err
	}
	known := living
	if !lost {
		if known, err = r.Register.AllSignIns(ctx); err != nil {
			return nil, err
		}
	}
	keys = slices.DeleteFunc(keys, func(key backend.SignInKey) bool {
		return r.Pending(key) || slices.ContainsFunc(known, func(s backend.SignIn) bool { return s.SignInKey == key })
	})
	if len(keys) == 0 {
		return nil, nil
	}
	return r.read(ctx, keys)
}

// read reads the sign-ins of this Xero app and issuer from the keychain. If the client ID
// was lost too, the client ID of the latest sign-in is used.
func (r *Recovery) read(ctx context.Context, keys []backend.SignInKey) (found []backend.SignIn, err error) {
	issuer, err := r.Issuer(ctx)
	if err != nil {
		return nil, err
	}
	id, err := r.ClientID(ctx)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Backward(keys) {
		if key.Issuer != issuer || id != "" && key.ClientID != id {
			continue
		}
		s, ok, err := r.SignIns.Recall(ctx, key)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if id == "" {
			if id, err = r.adoptClientID(ctx, key.ClientID); err != nil {
				return nil, err
			}
			if key.ClientID != id {
				continue
			}
		}
		if s.Name == "" {
			s.Name = backend.Say.Name.User.With(fmt.Sprintf("%.4s", s.UserID))
		}
		found = append(found, s)
	}
	return found, nil
}

// adoptClientID saves the client ID of a sign-in, unless the user has entered another
// meanwhile, and returns the client ID in use.
func (r *Recovery) adoptClientID(ctx context.Context, of string) (id string, err error) {
	if id, err = r.ClientID(ctx); err != nil || id != "" {
		return id, err
	}
	return of, r.SaveClientID(ctx, of)
}
