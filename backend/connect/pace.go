package connect

import (
	"context"
	"maps"
	"sync"
	"time"
)

// How fast details are read. Xero allows an app 10,000 calls a minute, over
// every computer that uses its client ID. At 300 a minute thirty copies that
// begin at the same moment use nine tenths of that; 200 organisations
// take half a minute, once a day, and 10,000 half an hour. The first 60 go at
// once, so that a small practice waits for nothing.
const (
	callGap   = time.Minute / 300
	callBurst = 60
	// organisationGap keeps calls about one organisation to half of the 60 a
	// minute that Xero allows, however often a person asks.
	organisationGap = 2 * time.Second
	// longestTurn is more than the few calls that are made at once can take turns
	// for: what lies further ahead is from before a clock was set back.
	longestTurn = callBurst * callGap
)

// pace says when the next call may be made. The zero value is ready.
type pace struct {
	mu            sync.Mutex
	next          time.Time // of a stream of calls without pause
	organisations map[string]time.Time
}

// turn takes the next turn for a call about an organisation, and returns how
// long it is until then.
func (p *pace) turn(organisationID string, now time.Time) time.Duration {
	now = now.Round(0) // by the wall: what a computer slept through has passed
	p.mu.Lock()
	defer p.mu.Unlock()
	if earliest := now.Add(-callBurst * callGap); p.next.Before(earliest) || p.next.After(now.Add(longestTurn)) {
		p.next = earliest
		maps.DeleteFunc(p.organisations, func(_ string, at time.Time) bool { return now.Sub(at).Abs() > organisationGap })
	}
	p.next = p.next.Add(callGap)
	at := p.next
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

// takeTurn waits until a call about an organisation may be made.
func (c *Connector) takeTurn(ctx context.Context, organisationID string) error {
	if wait := c.details.pace.turn(organisationID, c.Now()); wait > 0 {
		return c.pause(ctx, wait)
	}
	return ctx.Err()
}
