package syncing

import (
	"context"
	"errors"

	"bookring/backend"
)

// revokeEmpty revokes a sign-in whose pending disconnects are all confirmed. Xero's list
// decides: a revocation ends every connection, so an organisation still listed stops the
// revocation.
func (s *Syncer) revokeEmpty(ctx context.Context, signIn backend.SignIn) error {
	rest, check, err := s.Recorder.Remaining(ctx, signIn)
	if check != nil {
		return s.stillListed(ctx, signIn, *check, err)
	}
	if err != nil {
		return err
	}
	for _, c := range rest { // useless without the sign-in
		if err := s.disconnect(ctx, signIn, c.ID); err != nil {
			return err
		}
	}
	return s.revoke(ctx, signIn)
}

// stillListed records a list with organisations. An organisation connected again on
// purpose keeps the sign-in; a disconnected organisation is disconnected again later.
func (s *Syncer) stillListed(ctx context.Context, signIn backend.SignIn, check backend.CheckResult, err error) error {
	if err := s.conclude(signIn, check, err); err != nil {
		return err
	}
	pending, err := s.Register.PendingDisconnects(ctx, signIn.SignInKey)
	if err != nil || !pending.Revoke {
		return err
	}
	return backend.Fail(backend.XeroError, backend.Say.Doing.Disconnected, errors.New("organisation still listed"))
}

// revoke revokes a living sign-in, or deletes the credential of an ended one.
func (s *Syncer) revoke(ctx context.Context, signIn backend.SignIn) error {
	defer s.events.Rows()
	return s.Recorder.Revoke(ctx, signIn)
}

// revokeEnded deletes the credential of a sign-in ended just now, if a revocation is
// pending.
func (s *Syncer) revokeEnded(ctx context.Context, signIn backend.SignIn) error {
	all, err := s.Register.EndedToRevoke(ctx)
	if err != nil {
		return err
	}
	for _, ended := range all {
		if ended.SignInKey == signIn.SignInKey {
			return s.sendThrough(ctx, ended)
		}
	}
	return nil
}
