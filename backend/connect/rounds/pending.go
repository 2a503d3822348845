package rounds

import "bookring/backend"

// retriable reports a failure to record a grant that another try with the same grant can
// mend.
func retriable(err error) bool {
	switch backend.AsFailure(err).Code {
	case backend.NoOrganisation, backend.XeroPartlyRead, backend.XeroRefusedRequest,
		backend.XeroUnauthorised, backend.XeroForbidden, backend.XeroNotFound:
		return false
	}
	return true
}

// takePending returns the pending grant if its access token is valid and no other person
// is expected.
func (r *Rounds) takePending(asked *backend.SignIn) *backend.Grant {
	r.mu.Lock()
	defer r.mu.Unlock()
	grant := r.pending
	if grant != nil && asked != nil && grant.SignIn.SignInKey != asked.SignInKey {
		return nil
	}
	r.pending = nil
	if grant == nil || !r.clock.Now().Before(grant.Token.Expires) {
		return nil
	}
	return grant
}

// Pending returns the pending grant, or nil.
func (r *Rounds) Pending() *backend.Grant {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pending
}

// Forget forgets the pending grant of a sign-in.
func (r *Rounds) Forget(key backend.SignInKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pending != nil && r.pending.SignIn.SignInKey == key {
		r.pending = nil
	}
}
