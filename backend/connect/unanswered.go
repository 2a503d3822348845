package connect

import (
	"sync"
	"time"

	"bookring/backend"
)

// unanswered are the renewals that Xero may have done without our knowing, by
// sign-in, with the time when each was first asked for. From then on the sign-in
// has the grace left to live, unless it is asked for again.
type unanswered struct {
	mu    sync.Mutex
	since map[backend.SignInKey]time.Time
}

// note takes down how presenting a token ended.
func (u *unanswered) note(held backend.Credential, err error) {
	switch {
	case err == nil || refused(err):
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.since, held.SignInKey)
	case unheard(err):
		u.cutOff(held)
	}
}

// cutOff takes down that presenting a token may have ended, or not.
func (u *unanswered) cutOff(held backend.Credential) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.since == nil {
		u.since = map[backend.SignInKey]time.Time{}
	}
	u.since[held.SignInKey] = held.PresentedAt
}

// urgent reports whether a sign-in must be renewed before the grace is over.
func (u *unanswered) urgent(key backend.SignInKey, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	since, waits := u.since[key]
	return waits && now.Round(0).Sub(since.Round(0)).Abs() < grace
}
