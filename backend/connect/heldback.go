package connect

import (
	"maps"
	"slices"
	"time"

	"bookring/backend"
)

// held is what is held back: an organisation by its ID, or a sign-in.
type held struct {
	signIn       backend.SignInKey
	organisation string
}

// readable returns those that are not held back.
func (c *Connector) readable(key backend.SignInKey, ids []string) (readable []string) {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.details.later[held{signIn: key}].waits(now) {
		return nil
	}
	return slices.DeleteFunc(ids, func(id string) bool { return c.details.later[held{organisation: id}].waits(now) })
}

// stopReading ends the reading for an hour, or until a person wants it. The lock
// is held.
func (d *details) stopReading(now time.Time) {
	if d.stop != nil {
		d.stop()
	}
	if !d.all.limit || !d.all.waits(now) {
		d.all = later{from: now, at: now.Add(forwardInterval)}
	}
}

// forgive lets be read at once what was held back, but for Xero's limits; all of
// it, or these organisations. The lock is held.
func (d *details) forgive(only ...string) {
	if !d.all.limit {
		d.all = later{}
	}
	maps.DeleteFunc(d.later, func(h held, l later) bool {
		return !l.limit && (len(only) == 0 || slices.Contains(only, h.organisation))
	})
}

// limitUntil returns when the last of Xero's limits for the whole app ends, or
// zero. The lock is held.
func (c *Connector) limitUntil(now time.Time) (until time.Time) {
	for _, l := range append(slices.Collect(maps.Values(c.later)), c.details.all) {
		if l.limit && l.waits(now) && l.at.After(until) {
			until = l.at
		}
	}
	return until
}

// limits returns when Xero's limits for organisations end, by ID.
func (c *Connector) limits(organisations []backend.Organisation) map[string]time.Time {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	ends := map[string]time.Time{}
	for _, o := range organisations {
		if l := c.details.later[held{organisation: o.ID}]; l.limit && l.waits(now) {
			ends[o.ID] = l.at
		}
	}
	return ends
}
