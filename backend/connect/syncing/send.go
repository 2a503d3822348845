package syncing

import (
	"context"

	"bookring/backend"

	"golang.org/x/sync/errgroup"
)

// atOnce is the number of disconnects sent side by side.
const atOnce = 4

// send sends every pending disconnect, through one sign-in after the other. It returns the
// first failure, also the failure of a sign-in not asked during a limit of Xero's, and stops
// at a shared failure.
func (s *Syncer) send(ctx context.Context) (first error) {
	all, err := s.signInsWithWork(ctx)
	if err != nil {
		return err
	}
	for _, signIn := range all {
		if !signIn.DisconnectPending {
			continue
		}
		err := s.sendThrough(ctx, signIn)
		if first == nil {
			first = err
		}
		if f := backend.AsFailure(err); f != nil && shared(f.Code) && !f.Slow {
			break
		}
	}
	return first
}

// sendThrough sends the pending disconnects of a sign-in. The end of the sign-in is
// recorded as by a check; another failure defers the sending.
func (s *Syncer) sendThrough(ctx context.Context, signIn backend.SignIn) error {
	if f := s.limited(signIn); f != nil { // no call and no renewal
		s.events.Progress()
		return f
	}
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
	free, limit := free(s.Limits, signIn.ClientID, pending.Connections)
	switch {
	case len(free) > 0:
		group, inGroup := errgroup.WithContext(ctx)
		for _, id := range free[:min(len(free), atOnce)] {
			group.Go(func() error {
				return exceptOne(s.tasks.Try(func() error { return s.disconnect(inGroup, signIn, id) }))
			})
		}
		return true, group.Wait()
	case limit != nil:
		return false, limit
	}
	if !pending.Revoke {
		return false, nil
	}
	return false, s.revokeEmpty(ctx, signIn)
}

// free returns the connections without a limit of Xero's, and the failure of the others.
func free(l limits, app string, connections []string) (free []string, limit error) {
	for _, id := range connections {
		if f := l.Held(app, id); f == nil {
			free = append(free, id)
		} else if limit == nil {
			limit = f
		}
	}
	return free, limit
}

// exceptOne returns err, except the limit of one connection: the others go on, and free
// leaves the limited connection out.
func exceptOne(err error) error {
	if f := backend.AsFailure(err); f != nil && f.OneOrganisation {
		return nil
	}
	return err
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
