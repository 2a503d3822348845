package syncing

import (
	"context"

	"bookring/backend"
	"bookring/backend/connect/retry"

	"golang.org/x/sync/errgroup"
)

// atOnce is the number of disconnects sent side by side.
const atOnce = 4

// send sends every pending disconnect, through one sign-in after the other, except
// sign-ins under a limit of Xero's. It returns the first failure, and stops at a shared
// failure.
func (s *Syncer) send(ctx context.Context) (first error) {
	all, err := s.signInsWithWork(ctx)
	if err != nil {
		return err
	}
	for _, signIn := range all {
		if !signIn.DisconnectPending || s.limited(signIn) {
			continue
		}
		err := s.sendThrough(ctx, signIn)
		if first == nil {
			first = err
		}
		if retry.SharedFailure(backend.AsFailure(err)) {
			break
		}
	}
	return first
}

// sendThrough sends the pending disconnects of a sign-in. The end of the sign-in is
// recorded as by a check; another failure defers the sending.
func (s *Syncer) sendThrough(ctx context.Context, signIn backend.SignIn) error {
	err := s.sendAll(ctx, signIn)
	if err == nil {
		s.disconnects.Forget(signIn.SignInKey)
		s.events.Progress()
		return nil
	}
	f := backend.SignInFailure(err)
	if f.Code == backend.SignInEnded {
		s.log.Info("disconnect not sent", "code", f.Code)
		if err := s.failed(ctx, signIn, err); err != nil {
			return err
		}
		return s.revokeEnded(ctx, signIn)
	}
	if _, changed := s.disconnects.Defer(signIn.SignInKey, f, s.clock.Now(), 0); changed {
		s.log.Info("disconnect not sent", "code", f.Code)
	}
	s.events.Progress()
	return f
}

func (s *Syncer) sendAll(ctx context.Context, signIn backend.SignIn) error {
	for {
		if more, err := s.sendSome(ctx, signIn); err != nil || !more {
			return err
		}
	}
}

// sendSome sends the next few pending disconnects and reports whether further ones can
// follow. One task sends at a time, so that no disconnect is sent twice; and only a few,
// so that a cancelled request is noticed in between.
func (s *Syncer) sendSome(ctx context.Context, signIn backend.SignIn) (more bool, err error) {
	_ = s.sending.Acquire(context.Background(), 1)
	defer s.sending.Release(1)
	if !signIn.EndedAt.IsZero() {
		return false, s.revoke(ctx, signIn)
	}
	pending, err := s.Register.PendingDisconnects(ctx, signIn.SignInKey)
	if err != nil {
		return false, err
	}
	if len(pending.Connections) > 0 {
		group, inGroup := errgroup.WithContext(ctx)
		for _, id := range pending.Connections[:min(len(pending.Connections), atOnce)] {
			group.Go(func() error {
				return s.tasks.Try(func() error { return s.disconnect(inGroup, signIn, id) })
			})
		}
		return true, group.Wait()
	}
	if !pending.Revoke {
		return false, nil
	}
	return false, s.revokeEmpty(ctx, signIn)
}

// disconnect ends one connection at Xero and then in the register.
func (s *Syncer) disconnect(ctx context.Context, signIn backend.SignIn, connectionID string) error {
	err := s.SignIns.Call(ctx, signIn, func(token backend.Token) error {
		return s.Xero.Disconnect(ctx, token, connectionID)
	})
	if err != nil {
		return err
	}
	defer s.events.Rows()
	return s.Recorder.Disconnected(ctx, signIn, connectionID)
}
