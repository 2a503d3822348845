// Package retry decides when a failed call to Xero or to the keychain may be
// repeated. [Schedule] holds the backoff of each key; [Shared] and [NeedsPrompt]
// sort failures.
//
// Schedules: checks, disconnects and old renewals (syncing), details (details), the
// keychain after a loss (recovery). Other waits: repetitions within one renewal
// (renewal/present.go, renewal/save.go), the pace of details (details/pace.go), the
// looks at due work (connect/watch.go).
package retry

import (
	"slices"
	"sync"
	"time"

	"bookring/backend"
)

// The usual times of retrying.
const (
	// Interval is the time between two looks at due work.
	Interval = time.Minute
	// Soonest is the time between two looks after a start, a wake or a new network.
	Soonest = 5 * time.Second
	// Longest is the longest wait, and the wait after a failure that can show a prompt.
	Longest = time.Hour
	// longestSlow is the longest wait after a call without an answer in time.
	longestSlow = 10 * time.Minute

	// The waits without a network are shorter than the time between two looks: a try takes a
	// moment, and the next look must not come too early.
	firstAway   = Soonest - time.Second
	longestAway = Interval - 15*time.Second
)

// Schedule holds the backoff of each key, in memory. A key without a backoff is
// ready. First is the wait after one failure; every further failure doubles the
// wait up to Longest. A zero First means [Interval] and [Longest], and short waits without a
// network.
type Schedule[K comparable] struct {
	First, Longest time.Duration

	mu   sync.Mutex
	keys map[K]backoff
}

// backoff is the wait of one key. The wait began at from: a clock set back to a
// time before from ends the wait.
type backoff struct {
	from, until time.Time
	failures    int
	// code is the code of the last failure.
	code backend.Code
	// network: the last failure was of the network; away: Xero was not asked.
	network, away bool
}

// ready compares wall clocks, because the monotonic clock can stand still while
// the computer sleeps.
func (b backoff) ready(now time.Time) bool {
	now = now.Round(0)
	return now.Before(b.from.Round(0)) || !now.Before(b.until.Round(0))
}

// Ready reports whether key may be tried now.
func (s *Schedule[K]) Ready(key K, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[key].ready(now)
}

// Wait returns the time until key may be tried, or 0.
func (s *Schedule[K]) Wait(key K, now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.keys[key]; !b.ready(now) {
		return b.until.Round(0).Sub(now.Round(0))
	}
	return 0
}

// Defer records one more failure of key and returns the time of the next try: the end of a
// limit that Xero named, or the end of the backoff. Changed reports another code than the
// last failure of key had: only a change is worth a line in the log. Within, if not zero,
// shortens the wait. Without a network and without a First, the wait grows from seconds to
// less than a minute only: a try costs Xero nothing, and the network may return at any moment.
func (s *Schedule[K]) Defer(key K, f *backend.Failure, now time.Time, within time.Duration) (until time.Time, changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.keys[key]
	b := backoff{from: now, failures: 1, network: OfNetwork(f.Code), away: away(f)}
	if last.away == b.away {
		b.failures += last.failures
	}
	switch {
	case f.Code == backend.XeroRateLimit && f.Again.After(now):
		b.until = f.Again
	case f.Slow:
		b.until = now.Add(min(s.wait(b.failures), longestSlow))
	case b.away && s.First == 0:
		b.until = now.Add(min(firstAway<<min(b.failures-1, 6), longestAway))
	case NeedsPrompt(f.Code):
		b.until = now.Add(Longest)
	default:
		b.until = now.Add(s.wait(b.failures))
	}
	if at := now.Add(within); within != 0 && at.Before(b.until) {
		b.until = at
	}
	b.code = f.Code
	s.set(key, b)
	return b.until, b.code != last.code
}

// wait returns the wait after a number of failures in sequence.
func (s *Schedule[K]) wait(failures int) time.Duration {
	first, longest := s.First, s.Longest
	if first == 0 {
		first, longest = Interval, Longest
	}
	return min(first<<min(failures-1, 6), longest)
}

// DeferFor keeps key from being tried for a time. The number of failures stays.
func (s *Schedule[K]) DeferFor(key K, wait time.Duration, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.keys[key]
	s.set(key, backoff{from: now, until: now.Add(wait), failures: last.failures, code: last.code})
}

func (s *Schedule[K]) set(key K, b backoff) {
	if s.keys == nil {
		s.keys = map[K]backoff{}
	}
	s.keys[key] = b
}

// Forget makes key ready, after a success.
func (s *Schedule[K]) Forget(key K) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.keys, key)
}

// Reset makes the keys ready, or all keys if none is named.
func (s *Schedule[K]) Reset(keys ...K) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, b := range s.keys {
		if len(keys) == 0 || slices.Contains(keys, key) {
			s.keys[key] = backoff{code: b.code} // the zero times are over
		}
	}
}

// ResetNetwork makes the keys ready whose last failure was of the network.
func (s *Schedule[K]) ResetNetwork() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, b := range s.keys {
		if b.network {
			s.keys[key] = backoff{code: b.code}
		}
	}
}
