package simxero

import (
	"net/http"
	"strconv"
	"time"
)

// Xero's limits: calls a minute and organisation, calls at once and
// organisation, and calls a minute for the whole app.
const (
	perMinute    = 60
	atOnce       = 5
	appPerMinute = 10_000
)

// limits counts calls in fixed windows. Xero counts a window from its first
// call (choice; old texts speak of a sliding day).
type limits struct {
	windows map[string]*window
	inside  map[string]int // calls in work, by organisation and token
}

type window struct {
	ends time.Time
	used int
}

// allowance is what a call finds left in a window.
type allowance struct {
	allowed bool
	left    int
	resets  time.Duration
}

func newLimits() limits {
	return limits{windows: map[string]*window{}, inside: map[string]int{}}
}

// take counts one call if there is room for it.
func (l *limits) take(key string, length time.Duration, limit int, now time.Time) allowance {
	w := l.windows[key]
	if w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Add(length)}
		l.windows[key] = w
	}
	if w.used >= limit {
		return allowance{resets: w.ends.Sub(now)}
	}
	w.used++
	return allowance{true, limit - w.used, w.ends.Sub(now)}
}

// limitApp counts a call for the whole app and returns the header that every
// API answer bears, or a refusal.
func (s *Server) limitApp(client string) (http.Header, *answer) {
	app := s.state.limits.take("app "+client, time.Minute, appPerMinute, s.now())
	header := http.Header{}
	header.Set("X-AppMinLimit-Remaining", strconv.Itoa(app.left))
	if !app.allowed {
		return header, s.tooMany("appminute", app, header)
	}
	return header, nil
}

// limitOrganisation counts a call to an organisation's data.
func (s *Server) limitOrganisation(client *Client, organisation string) (http.Header, *answer) {
	header, refusal := s.limitApp(client.ID)
	if refusal != nil {
		return header, refusal
	}
	key := client.ID + " " + organisation
	minute := s.state.limits.take("minute "+key, time.Minute, perMinute, s.now())
	header.Set("X-MinLimit-Remaining", strconv.Itoa(minute.left))
	if !minute.allowed {
		return header, s.tooMany("minute", minute, header)
	}
	day := s.state.limits.take("day "+key, 24*time.Hour, client.DayLimit, s.now())
	header.Set("X-DayLimit-Remaining", strconv.Itoa(day.left))
	if !day.allowed {
		return header, s.tooMany("day", day, header)
	}
	return header, nil
}

func (s *Server) tooMany(problem string, a allowance, header http.Header) *answer {
	refusal := s.apiError(http.StatusTooManyRequests, "TooManyRequests").
		with("X-Rate-Limit-Problem", problem)
	for name, values := range header {
		refusal.header[name] = values
	}
	if a.resets > 0 {
		refusal.header.Set("Retry-After", strconv.FormatInt(seconds(a.resets+time.Second-1), 10))
	}
	return &refusal
}

// crowd counts the calls in work for an organisation, also while a fault delays
// them. It returns how to leave, and the refusal of a sixth.
func (s *Server) crowd(e Endpoint, r *http.Request) (leave func(), refusal *answer) {
	if e != Details {
		return func() {}, nil
	}
	key := r.Header.Get("Authorization") + " " + r.Header.Get("Xero-Tenant-Id")
	s.mu.Lock()
	defer s.mu.Unlock()
	inside := s.state.limits.inside
	inside[key]++
	if inside[key] > atOnce {
		refusal = s.tooMany("concurrent", allowance{}, nil)
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if inside[key]--; inside[key] == 0 {
			delete(inside, key)
		}
	}, refusal
}
