package connect

import (
	"sync"
	"time"

	"bookring/backend"
)

// unanswered are the renewals that Xero may have done without our knowing, by
// sign-in. From when it did the sign-in has the grace left to live, unless it is
// asked for again; and that can have been at any time when it was asked.
type unanswered struct {
	mu    sync.Mutex
	since map[backend.SignInKey]silence
}

// silence is when a renewal was asked for without an answer. What never left this
// computer was not asked for.
type silence struct{ first, last time.Time }

// note takes down how presenting a token ended that was begun at a time.
func (u *unanswered) note(key backend.SignInKey, at time.Time, err error) {
	switch {
	case err == nil || refused(err):
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.since, key)
	case unheard(err):
		u.cutOff(key, at)
	}
}

// cutOff takes down that presenting a token may have ended, or not.
func (u *unanswered) cutOff(key backend.SignInKey, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.since == nil {
		u.since = map[backend.SignInKey]silence{}
	}
	s, again := u.since[key]
	if s.last = at; !again {
		s.first = at
	}
	u.since[key] = s
}

// urgent reports whether a sign-in must be renewed before the grace is over, and
// within which time it is to be tried again: at once while the first time can have
// been the one, and in an outage that lasts for longer soon enough for the last.
func (u *unanswered) urgent(key backend.SignInKey, now time.Time) (within time.Duration, urgent bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	s, waits := u.since[key]
	switch {
	case waits && inGrace(s.first, now):
		return lookInterval, true
	case waits && inGrace(s.last, now):
		return grace / 3, true
	}
	return 0, false
}

// inGrace counts by the wall, which may have been set back.
func inGrace(since, now time.Time) bool { return now.Round(0).Sub(since.Round(0)).Abs() < grace }
