package limits

import (
	"time"
)

const (
	shortest          = time.Minute
	longest           = 24 * time.Hour
	longestOfRenewals = 10 * time.Minute
	// longestGrowth bounds the wait after a limit met again and again. The shortest wait
	// doubles with each limit in a row: other computers can use up the app's calls.
	longestGrowth = 16 * time.Minute
)

// hold is a limit, met at the time from. Inarow counts the limits without a successful call
// in between.
type hold struct {
	from, until time.Time
	inarow      int
}

// holds compares wall clocks, because the monotonic clock can stand still while the computer
// sleeps.
func (h hold) holds(now time.Time) bool {
	now = now.Round(0)
	return !now.Before(h.from) && now.Before(h.until)
}

// hold notes a limit and returns the end. Calls side by side meet one limit, not several.
func (l *Limits) hold(s subject, again time.Time, longest time.Duration) (until time.Time) {
	l.recall()
	now := l.clock.Now().Round(0)
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.held[s]
	if !h.holds(now) {
		h = hold{from: now, inarow: h.inarow + 1}
	}
	begins := h.until.IsZero() && h.inarow == 1
	grown := min(shortest<<min(h.inarow-1, 4), longestGrowth)
	end := now.Add(min(max(again.Sub(now), grown), longest))
	if end.After(h.until) {
		h.until = end
	}
	l.held[s] = h
	if begins { // a limit met again and again is logged once
		l.log.Info("limit", "code", s.kind(), "until", h.until)
	}
	return h.until
}

// kind names the subject for the log.
func (s subject) kind() string {
	switch s.id {
	case "":
		return "app"
	case renewals:
		return renewals
	}
	return "one"
}

// passed notes a successful call: a limit that has ended is over.
func (l *Limits) passed(all ...subject) {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range all {
		if h, known := l.held[s]; known && !h.holds(now) {
			delete(l.held, s)
		}
	}
}

// until returns the end of a limit, or zero.
func (l *Limits) until(s subject) (end time.Time) {
	l.recall()
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.held[s]; h.holds(now) {
		return h.until
	}
	return time.Time{}
}

// OfApp returns the end of the limit of a whole app, or zero.
func (l *Limits) OfApp(app string) time.Time { return l.until(subject{app: app}) }

// Of returns the latest end of the limits of an organisation, or zero.
func (l *Limits) Of(organisationID string) (end time.Time) {
	l.recall()
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for s, h := range l.held {
		if s.id == organisationID && h.holds(now) && h.until.After(end) {
			end = h.until
		}
	}
	return end
}
