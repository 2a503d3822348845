package renewal

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"bookring/backend"
)

// slowAfter is the time without Xero's answer after which a call is slow.
const slowAfter = 5 * time.Second

// slow holds the sign-ins with a slow call to Xero: of an access token, or the repeated
// presentation of a refresh token.
type slow struct {
	after   time.Duration
	changed func()
	try     func(do func() error) error

	mu    sync.Mutex
	calls map[backend.SignInKey]int
}

// await begins the wait for an answer of Xero. The caller must call answered.
func (s *slow) await(key backend.SignInKey) (answered func()) {
	var late, over bool // guarded by mu
	timer := time.AfterFunc(cmp.Or(s.after, slowAfter), func() {
		s.mu.Lock()
		if late = !over; late {
			s.addLocked(key, 1)
		}
		s.mu.Unlock()
		_ = s.try(func() error { s.changed(); return nil })
	})
	return func() {
		timer.Stop()
		s.mu.Lock()
		over = true
		was := late
		if was {
			s.addLocked(key, -1)
		}
		s.mu.Unlock()
		if was {
			s.changed()
		}
	}
}

func (s *slow) addLocked(key backend.SignInKey, n int) {
	if s.calls == nil {
		s.calls = map[backend.SignInKey]int{}
	}
	if s.calls[key] += n; s.calls[key] == 0 {
		delete(s.calls, key)
	}
}

// Slow returns the sign-ins whose answer Xero keeps waiting for longer than five seconds.
func (k *Keeper) Slow() []backend.SignInKey {
	k.slow.mu.Lock()
	defer k.slow.mu.Unlock()
	return slices.Collect(maps.Keys(k.slow.calls))
}

// Ready reports that a call through s needs no keychain.
func (k *Keeper) Ready(s backend.SignIn) bool {
	_, valid := k.tokens.valid(s.SignInKey, k.clock.Now())
	return valid || s.SessionOnly
}
