package rounds

import (
	"context"
	"slices"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// firstWait is the wait after the first failure to record a grant.
const firstWait = 5 * time.Second

// pending is a grant that Xero has given and the register does not show yet. Only the task
// that has taken a pending grant uses the field grant; Rounds.mu guards the fields below.
type pending struct {
	signIn backend.SignIn
	asked  *backend.SignIn // the expected person, or nil
	grant  *backend.Grant

	taken bool
	// failed: the first try has failed, and the grant waits for the next. Saved: the
	// keychain has the refresh token.
	failed, saved bool
	// click: another try at the user's request can succeed. A list refused for good is only
	// read again in the background, so that the button leads to the browser.
	click bool
	skip  context.CancelFunc // ends the wait for the next try; nil without a wait
	hurry bool               // the next wait ends at once
	// noted: granted in the program's last run.
	noted bool
}

// ends reports a failure after which no further try can record the grant: the sign-in has
// ended again. A list without an organisation is an answer, and so is a part of a list: the
// checks read the rest.
func ends(err error) bool {
	switch backend.CodeOf(err) {
	case backend.NoOrganisation, backend.XeroPartlyRead:
		return true
	}
	return backend.EndingOf(err) != ""
}

// mendable reports a failure that a try at the user's request can mend. For a grant of the
// last run, without an access token in memory, *this session only* cannot mend a token too
// long for the keychain.
func (p *pending) mendable(err error) bool {
	switch backend.AsFailure(err).Code {
	case backend.KeychainTooBig:
		return !p.noted
	case backend.XeroRefusedRequest, backend.XeroUnauthorised, backend.XeroForbidden, backend.XeroNotFound:
		return false
	}
	return true
}

// add makes a taken pending grant, in place of an older one of the same sign-in.
func (r *Rounds) add(ctx context.Context, grant *backend.Grant, asked *backend.SignIn) *pending {
	p := &pending{signIn: grant.SignIn, asked: asked, grant: grant, taken: true}
	r.drop(func(other *pending) bool { return other.failed && other.signIn.SignInKey == p.signIn.SignInKey })
	r.mu.Lock()
	r.pending = append(r.pending, p)
	r.mu.Unlock()
	r.note(ctx)
	return p
}

// try records a taken grant. After an answer or the end of the sign-in the grant is no
// longer pending, nor is an older grant of the sign-in: the older token must not replace
// the newer. Waits reports that the grant waits for another try.
func (r *Rounds) try(ctx context.Context, p *pending) (outcome *backend.Outcome, waits bool, err error) {
	if !r.isPending(p) {
		return nil, false, backend.Fail(backend.Cancelled, "", nil)
	}
	err = r.tasks.Try(func() (err error) {
		outcome, err = r.Recorder.Grant(ctx, p.grant, p.asked)
		return err
	})
	if outcome != nil {
		r.events.Granted(*outcome)
	}
	over := err == nil || ends(err)
	if f := backend.AsFailure(err); !over && f.Code != backend.Cancelled {
		r.tries.Defer(p.signIn.SignInKey, f, r.clock.Now(), 0)
	}
	r.mu.Lock()
	p.taken, p.failed, p.saved, p.click = false, !over, p.grant.Saved, !over && p.mendable(err)
	waits = !over && slices.Contains(r.pending, p)
	r.mu.Unlock()
	if over {
		r.drop(func(other *pending) bool {
			return other.signIn.SignInKey == p.signIn.SignInKey && !other.signIn.At.After(p.signIn.At)
		})
	}
	return outcome, waits, err
}

// goOn tries to record a pending grant until that has worked, or another task has recorded
// the grant, or the program ends; then the next start goes on.
func (r *Rounds) goOn(ctx context.Context, p *pending) {
	for r.await(ctx, p) {
		if r.take(p) {
			r.tryAgain(ctx, p)
		}
	}
}

// tryAgain tries to record a taken grant and shows the end, if the grant is no longer
// pending.
func (r *Rounds) tryAgain(ctx context.Context, p *pending) {
	outcome, waits, err := r.try(ctx, p)
	r.events.Progress()
	if waits {
		return
	}
	if err != nil {
		r.log.Info("grant not recorded", "code", backend.SignInFailure(err).Code)
	}
	r.report(outcome, failureOf(err))
}

// failureOf returns the failure to record a grant, or nil.
func failureOf(err error) *backend.Failure {
	if err == nil {
		return nil
	}
	return backend.SignInFailure(err)
}

// await waits for the time of the next try and reports whether the grant is still pending.
func (r *Rounds) await(ctx context.Context, p *pending) bool {
	wait := r.tries.Wait(p.signIn.SignInKey, r.clock.Now()) + time.Second - 1
	if wait = wait.Truncate(time.Second); wait == 0 { // no network
		wait = retry.Interval
	}
	pause, skip := context.WithCancel(ctx)
	defer skip()
	r.mu.Lock()
	if p.skip = skip; p.hurry {
		skip()
	}
	p.hurry = false
	r.mu.Unlock()
	if r.isPending(p) {
		_ = r.clock.Pause(pause, wait)
	}
	r.mu.Lock()
	p.skip = nil
	r.mu.Unlock()
	return ctx.Err() == nil && r.isPending(p)
}

func (r *Rounds) isPending(p *pending) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Contains(r.pending, p)
}

func (r *Rounds) take(p *pending) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.taken || r.stopped || !slices.Contains(r.pending, p) {
		return false
	}
	p.taken = true
	return true
}

// takePending takes a grant that a click can record, of the expected person if one is
// named. Without such a grant, takePending returns nil.
func (r *Rounds) takePending(asked *backend.SignIn) *pending {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.pending {
		if !r.stopped && p.click && !p.taken && (asked == nil || asked.SignInKey == p.signIn.SignInKey) {
			p.taken = true
			return p
		}
	}
	return nil
}

// ReadPending tries again at once to record the pending grants, except under a limit of
// Xero's.
func (r *Rounds) ReadPending() {
	r.tries.Reset()
	now := r.clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.pending {
		if !r.tries.Ready(p.signIn.SignInKey, now) {
			continue
		}
		if p.hurry = p.skip == nil; !p.hurry {
			p.skip()
		}
	}
}

// Grants returns the pending grants.
func (r *Rounds) Grants() []backend.Grant {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]backend.Grant, len(r.pending))
	for i, p := range r.pending {
		all[i] = backend.Grant{SignIn: p.signIn, Token: p.grant.Token, Saved: p.saved}
	}
	return all
}

// Pending reports a pending grant of a sign-in.
func (r *Rounds) Pending(key backend.SignInKey) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.pending, func(p *pending) bool { return p.signIn.SignInKey == key })
}

// Revoked ends the pending grant of a sign-in whose credential was deleted. An unsaved
// grant is a new sign-in of the user. A running try finds no credential.
func (r *Rounds) Revoked(key backend.SignInKey) {
	r.drop(func(p *pending) bool { return p.saved && !p.taken && p.signIn.SignInKey == key })
}

// Listed ends a pending grant whose connections a check has recorded. A list asked before the
// grant does not hold the connections.
func (r *Rounds) Listed(key backend.SignInKey, asked time.Time, changes backend.Changes) {
	read := func(p *pending) bool {
		return p.failed && !p.taken && p.signIn.SignInKey == key && asked.After(p.signIn.At)
	}
	for _, p := range r.drop(read) {
		r.report(&backend.Outcome{SignIn: p.signIn, Changes: changes}, nil)
	}
}

// drop gives pending grants up, and returns the grants.
func (r *Rounds) drop(which func(*pending) bool) (dropped []*pending) {
	r.mu.Lock()
	r.pending = slices.DeleteFunc(slices.Clone(r.pending), func(p *pending) bool {
		if !which(p) {
			return false
		}
		dropped = append(dropped, p)
		if p.skip != nil {
			p.skip()
		}
		return true
	})
	r.mu.Unlock()
	if len(dropped) == 0 {
		return nil
	}
	for _, p := range dropped {
		r.tries.Forget(p.signIn.SignInKey)
	}
	r.note(context.Background())
	return dropped
}
