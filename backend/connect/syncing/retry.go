package syncing

import (
	"context"
	"slices"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// due returns the sign-ins to check now: with a last check at least age old, in trouble,
// or with something to send, and without a backoff or a limit of Xero's. An unreadable
// register makes nothing due.
func (s *Syncer) due(ctx context.Context, age time.Duration) (due []backend.SignIn) {
	all, err := s.signInsWithWork(ctx)
	if s.lasting.Began("due", err) {
		s.log.Info("check not begun", "code", backend.CodeOf(err))
	}
	if err != nil {
		return nil
	}
	now := s.clock.Now()
	for _, signIn := range all {
		if !s.checks.Ready(signIn.SignInKey, now) || s.limited(signIn) != nil {
			continue
		}
		since := now.Sub(signIn.CheckedAt)
		stale := signIn.EndedAt.IsZero() && (signIn.Trouble != "" || since >= age || since < 0)
		if stale || signIn.DisconnectPending && s.disconnects.Ready(signIn.SignInKey, now) {
			due = append(due, signIn)
		}
	}
	// The last shared failure may concern a single sign-in after all: the others go first.
	s.mu.Lock()
	last := slices.IndexFunc(due, func(signIn backend.SignIn) bool { return signIn.SignInKey == s.lastFailed })
	s.mu.Unlock()
	if last >= 0 {
		return slices.Concat(due[last+1:], due[:last+1])
	}
	// A keychain that waits for the user holds up no sign-in that can do without.
	later := map[backend.SignInKey]int{}
	for _, signIn := range due {
		if !s.SignIns.Ready(signIn) {
			later[signIn.SignInKey] = 1
		}
	}
	slices.SortStableFunc(due, func(a, b backend.SignIn) int { return later[a.SignInKey] - later[b.SignInKey] })
	return due
}

// Reset ends every backoff.
func (s *Syncer) Reset() {
	s.checks.Reset()
	s.disconnects.Reset()
}

// NetworkBack ends every backoff after a failure of the network.
func (s *Syncer) NetworkBack() {
	s.checks.ResetNetwork()
	s.disconnects.ResetNetwork()
}

// Forget ends the backoff of a sign-in whose list was recorded elsewhere.
func (s *Syncer) Forget(key backend.SignInKey) { s.checks.Forget(key) }

// limited returns the failure of every call through a sign-in during a limit of Xero's, or
// nil. A sign-in in doubt is not limited: the check renews the sign-in, and the token endpoint
// has limits of its own. An ended sign-in calls no API.
func (s *Syncer) limited(signIn backend.SignIn) *backend.Failure {
	f := s.Limits.Held(signIn.ClientID, "")
	if f == nil || !signIn.EndedAt.IsZero() {
		return nil
	}
	if _, inDoubt := s.SignIns.InDoubt(signIn.SignInKey); inDoubt {
		return nil
	}
	return f
}

// deferChecks defers checks after a failure, and notes the time of the failure.
func (s *Syncer) deferChecks(keys []backend.SignInKey, f *backend.Failure) {
	now := s.clock.Now()
	s.mu.Lock()
	s.failedAt = now
	s.mu.Unlock()
	least := retry.Interval
	if retry.NeedsPrompt(f.Code) {
		least = promptPause
	}
	until, changes := now, 0
	for _, key := range keys {
		next, changed := s.checks.Defer(key, f, now, s.within(key, least))
		if changed {
			until, changes = next, changes+1
		}
	}
	if until.After(now) {
		s.log.Info("check deferred", "total", changes, "code", f.Code, "until", until)
	}
}

// promptPause is the least wait between two prompts for a sign-in in doubt.
const promptPause = 10 * time.Minute

// deferStopped defers the rest of a check stopped by the user, except deferred sign-ins,
// and unless the user has asked for a check since.
func (s *Syncer) deferStopped(rest []backend.SignIn) {
	now, waits := s.clock.Now(), make([]time.Duration, len(rest))
	for i, signIn := range rest {
		if waits[i] = s.within(signIn.SignInKey, retry.Interval); waits[i] == 0 {
			waits[i] = stopPause
		}
	}
	s.unlessWanted(func() {
		for i, signIn := range rest {
			if s.checks.Ready(signIn.SignInKey, now) {
				s.checks.DeferFor(signIn.SignInKey, waits[i], now)
			}
		}
	})
}

// within returns the longest wait for a sign-in in doubt, at least least, or 0 for no
// bound: Xero accepts a presented refresh token again only within the grace period.
func (s *Syncer) within(key backend.SignInKey, least time.Duration) time.Duration {
	within, inDoubt := s.SignIns.InDoubt(key)
	if !inDoubt {
		return 0
	}
	return max(within, least)
}
