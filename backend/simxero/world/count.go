package world

import "time"

// Allowance is the result of counting a call against a limit.
type Allowance struct {
	Allowed bool
	Left    int           // calls left in the window
	Resets  time.Duration // time until the window ends
}

// window is a period in which calls are counted. Xero's windows start at the first call (choice; Xero's older texts
// describe a sliding day).
type window struct {
	ends time.Time
	used int
}

// Count counts a call under key against a limit of calls per period. A refused call does not count.
func (st *State) Count(key string, period time.Duration, limit int) Allowance {
	now := st.Now()
	w := st.windows[key]
	if w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Add(period)}
		st.windows[key] = w
	}
	if w.used >= limit {
		return Allowance{Resets: w.ends.Sub(now)}
	}
	w.used++
	return Allowance{true, limit - w.used, w.ends.Sub(now)}
}
