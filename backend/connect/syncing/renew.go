package syncing

import (
	"context"
	"errors"
	"time"

	"bookring/backend"
)

// Resume repeats the renewals interrupted by the program's last end, before any other
// work: a presented refresh token is valid for the rest of the grace period only. The
// period may be longer than this computer's clock says, and the request may never have
// left, so a renewal of any age is repeated. Answered reports that the keychain has
// answered for every sign-in.
func (s *Syncer) Resume(ctx context.Context) (answered bool) {
	all, err := s.Register.SignIns(ctx)
	if err != nil {
		return false // the check reports the failure
	}
	var interrupted []backend.SignIn
	answered = len(all) > 0
	for i, signIn := range all {
		var is bool
		err := s.tasks.Try(func() (err error) {
			is, err = s.SignIns.Resume(ctx, signIn)
			return err
		})
		if err != nil {
			if err := s.failed(ctx, signIn, err); err != nil {
				s.markUnchecked(ctx, all[i+1:], err)
				answered = false
				break
			}
			continue
		}
		if is {
			interrupted = append(interrupted, signIn)
		}
	}
	if len(interrupted) > 0 {
		s.resume(ctx, interrupted)
	}
	return answered
}

// resume repeats the renewals and returns after the last one. While Xero keeps an answer
// waiting, resume returns earlier and goes on in the background.
func (s *Syncer) resume(ctx context.Context, interrupted []backend.SignIn) {
	ended := make(chan struct{})
	s.tasks.Go(ctx, func(ctx context.Context) {
		defer close(ended)
		_, begun, err := s.turns.take(interrupted, func(signIn backend.SignIn) error {
			return s.renew(ctx, signIn)
		})
		if err != nil {
			s.markUnchecked(ctx, interrupted[begun:], err)
		}
	})
	late := time.NewTimer(s.turns.goOnAfter)
	defer late.Stop()
	select {
	case <-ended:
	case <-late.C:
	case <-ctx.Done():
	}
}

// renew renews a sign-in without a waiting user. The error is a failure shared by the other
// sign-ins.
func (s *Syncer) renew(ctx context.Context, signIn backend.SignIn) error {
	_, err := s.SignIns.Token(ctx, signIn)
	if err != nil {
		err = s.failed(ctx, signIn, err)
	}
	return err
}

// RenewOld renews the sign-ins without a renewal for half of their life, because checks
// were deferred for weeks, and the sign-ins with a renewal in the future, because a wrong
// clock hides the age.
func (s *Syncer) RenewOld(ctx context.Context) {
	all, err := s.Register.SignIns(ctx)
	if err != nil {
		return // the check reports the failure
	}
	_, _, _ = s.turns.take(all, func(signIn backend.SignIn) error {
		if !s.old(signIn) {
			return nil
		}
		return s.renew(ctx, signIn)
	})
}

// old reports a sign-in to renew for age, once an hour at most.
func (s *Syncer) old(signIn backend.SignIn) bool {
	now := s.clock.Now()
	if signIn.RenewedAt.IsZero() || now.Sub(signIn.RenewedAt) < backend.Lifetime/2 && !signIn.RenewedInFuture(now) {
		return false
	}
	if s.Running() || !s.ages.Ready(signIn.SignInKey, now) { // a check renews too
		return false
	}
	s.ages.DeferFor(signIn.SignInKey, time.Hour, now)
	return true
}

// Renew renews a sign-in at the user's request and returns its expiry. Fails as a call to
// Xero, with SignInEnded, SignInBusy, RenewalUnsaved or a Keychain code. A sign-in found
// ended is recorded as ended.
func (s *Syncer) Renew(ctx context.Context, id string) (expires time.Time, err error) {
	signIn, err := s.living(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	if err := s.SignIns.Renew(ctx, signIn); err != nil {
		return time.Time{}, s.notRenewed(ctx, signIn, err)
	}
	signIn, err = s.living(ctx, id)
	s.events.Rows()
	return signIn.ExpiresAt(), err
}

// notRenewed records a failed renewal as a check does, and returns the failure for the
// user.
func (s *Syncer) notRenewed(ctx context.Context, signIn backend.SignIn, failure error) error {
	shown := failure
	if errors.Is(failure, backend.ErrNoCredential) {
		shown = backend.Fail(backend.SignInEnded, "", failure)
	}
	if ctx.Err() != nil {
		return shown
	}
	if err := s.failed(ctx, signIn, failure); err != nil {
		s.log.Info("not renewed", "code", backend.CodeOf(err))
	}
	return shown
}
