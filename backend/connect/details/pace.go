package details

import (
	"maps"
	"sync"
	"time"
)

// The pace of reading. Xero allows an app 10,000 calls a minute, on all computers with
// the app's client ID. At 300 calls a minute, thirty copies started at the same moment
// use nine tenths of the limit; 200 organisations take half a minute a day, and 10,000
// half an hour. The first 60 calls go at once, for small practices; they count in the
// first minute only, in which 27 copies fit.
const (
	callGap   = time.Minute / 300
	callBurst = 60
	// organisationGap keeps the calls for one organisation to half of Xero's 60 a minute,
	// however often the user asks.
	organisationGap = 2 * time.Second
	// longestTurn is longer than the turns of the calls made at once: a turn further
	// ahead was taken before the clock was set back.
	longestTurn = callBurst * callGap
)

// pace gives every call its turn. The zero value is ready.
type pace struct {
	mu            sync.Mutex
	last          time.Time // turn of a stream of calls without a pause
	organisations map[string]time.Time
}

// next takes the next turn for a call about an organisation, and returns the time until
// the turn.
func (p *pace) next(organisationID string, now time.Time) time.Duration {
	now = now.Round(0) // the wall clock includes the computer's sleep
	p.mu.Lock()
	defer p.mu.Unlock()
	if earliest := now.Add(-callBurst * callGap); p.last.Before(earliest) || p.last.After(now.Add(longestTurn)) {
		p.last = earliest
		maps.DeleteFunc(p.organisations, func(_ string, at time.Time) bool { return now.Sub(at).Abs() > organisationGap })
	}
	p.last = p.last.Add(callGap)
	at := p.last
	if last, called := p.organisations[organisationID]; called && last.Add(organisationGap).After(at) {
		at = last.Add(organisationGap)
	}
	if at.Before(now) {
		at = now
	}
	if p.organisations == nil {
		p.organisations = map[string]time.Time{}
	}
	p.organisations[organisationID] = at
	return at.Sub(now)
}
