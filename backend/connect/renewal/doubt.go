package renewal

import (
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// doubt holds the sign-ins whose renewal has an unknown outcome. If Xero did renew a
// sign-in at one of the presentations, the grace period began there, and only another
// presentation within the period saves the sign-in.
type doubt struct {
	mu       sync.Mutex
	presents map[backend.SignInKey]presentation
}

// presentation is the time of the first and of the last presentation without an
// answer.
type presentation struct{ first, last time.Time }

// presented notes a presentation with an unknown outcome.
func (d *doubt) presented(key backend.SignInKey, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.presents == nil {
		d.presents = map[backend.SignInKey]presentation{}
	}
	p, again := d.presents[key]
	if p.last = at; !again {
		p.first = at
	}
	d.presents[key] = p
}

// answered notes an answer of Xero.
func (d *doubt) answered(key backend.SignInKey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.presents, key)
}

// InDoubt reports whether a sign-in must be renewed before a grace period is over.
// Within is the longest wait until the next try: short while the first presentation
// can have been the successful one, longer in an outage older than the grace period.
func (k *Keeper) InDoubt(key backend.SignInKey) (within time.Duration, inDoubt bool) {
	now := k.clock.Now()
	k.doubt.mu.Lock()
	defer k.doubt.mu.Unlock()
	p, found := k.doubt.presents[key]
	switch {
	case found && inGracePeriod(p.first, now):
		return retry.Interval, true
	case found && inGracePeriod(p.last, now):
		return gracePeriod / 3, true
	}
	return 0, false
}

// inGracePeriod compares wall clocks. A clock set back counts like a clock ahead.
func inGracePeriod(since, now time.Time) bool {
	return now.Round(0).Sub(since.Round(0)).Abs() < gracePeriod
}
