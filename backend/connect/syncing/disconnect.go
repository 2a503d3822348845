package syncing

import (
	"context"

	"bookring/backend"
)

// Result is what a disconnect request has come to.
type Result struct {
	// Before and After are the effects of the request, before the sending and now.
	Before, After []backend.DisconnectEffect
	// RevokePending: the sign-in of the request is still to be revoked.
	RevokePending bool
	// Failure is the first failure to send, or nil.
	Failure *backend.Failure
}

// Disconnect records a disconnect request and sends the pending disconnects. It returns
// after Xero has confirmed, or could not be asked; the rest is sent with later checks.
// Fails as writing the register does.
func (s *Syncer) Disconnect(ctx context.Context, request backend.DisconnectRequest) (Result, error) {
	ctx, done, begun := s.tasks.Begin(ctx)
	if !begun {
		return Result{}, backend.Fail(backend.Cancelled, "", nil)
	}
	defer done()
	before, _, err := s.Register.DisconnectEffects(ctx, request)
	if err != nil {
		return Result{}, err
	}
	if err := s.Register.RequestDisconnect(ctx, request, s.clock.Now()); err != nil {
		return Result{}, err
	}
	s.events.Rows()
	r := Result{Before: before, Failure: backend.AsFailure(s.send(ctx))}
	s.events.Requested(ctx)
	if r.After, _, err = s.Register.DisconnectEffects(ctx, request); err != nil {
		return Result{}, err
	}
	if request.SignIn != "" {
		r.RevokePending, err = s.revokePending(ctx, request.SignIn)
	}
	return r, err
}

// Cancel cancels the pending disconnects of an organisation. Reached reports a living
// sign-in with access, so that no new sign-in is needed.
func (s *Syncer) Cancel(ctx context.Context, organisationID string) (reached bool, err error) {
	_ = s.sending.Acquire(context.Background(), 1) // a disconnect under way is either sent or not
	defer s.sending.Release(1)
	defer s.events.Rows()
	defer s.events.Requested(ctx)
	return s.Register.CancelDisconnect(ctx, organisationID, s.clock.Now())
}

// revokePending reports whether a sign-in is still to be revoked.
func (s *Syncer) revokePending(ctx context.Context, id string) (bool, error) {
	all, err := s.signInsWithWork(ctx)
	for _, signIn := range all {
		if signIn.DisconnectPending && signIn.String() == id {
			return true, err
		}
	}
	return false, err
}
