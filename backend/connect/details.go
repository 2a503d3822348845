package connect

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"bookring/backend"

	"golang.org/x/sync/errgroup"
)

const (
	// detailsAge is how old an organisation's details may become.
	detailsAge = 24 * time.Hour
	// detailsAtOnce is how many organisations are read side by side, each by one
	// call. Xero allows five at once for one organisation; this is about being
	// a quiet guest.
	detailsAtOnce = 4
	// detailsBatch is how many are read before it is looked anew what there is
	// to read: what was just connected does not wait for thousands of others.
	detailsBatch = 100
)

// details is the reading of organisations' details: after every list, and later
// what could not be read then. It is guarded by [Connector.mu].
type details struct {
	pace pace
	stop context.CancelFunc // nil while nothing is read
	// again: while it was read, there came more to read.
	again bool
	// owed says for which sign-ins details are to be read: those that are older
	// than a time. It is forgotten with the program, because every start checks.
	owed map[backend.SignInKey]time.Time
	// later holds back one organisation, or one sign-in; all holds back everything.
	later map[held]later
	all   later
}

// reading is an organisation to be read, through one of the sign-ins that reach it.
type reading struct {
	organisation string
	through      []backend.SignIn
}

// oweDetails has the details of a sign-in's organisations read that are older
// than a day.
func (c *Connector) oweDetails(key backend.SignInKey) {
	since := c.Now().Add(-detailsAge)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.details.owed == nil {
		c.details.owed = map[backend.SignInKey]time.Time{}
	}
	c.details.owed[key] = since
}

// beginDetails reads what is owed, unless it is to be waited. It returns at once.
func (c *Connector) beginDetails() { c.change(c.beginOwed) }

// beginOwed is beginDetails with the lock held. While a check runs its end
// begins it.
func (c *Connector) beginOwed() {
	d := &c.details
	if d.again = true; len(d.owed) == 0 || d.stop != nil || c.stopCheck != nil || d.all.waits(c.Now()) {
		return
	}
	ctx, done, begun := c.work.begin(context.Background())
	if !begun {
		return
	}
	ctx, d.stop = context.WithCancel(ctx)
	c.check.Details = Reading{Running: true}
	go func() {
		defer done()
		began := c.Now()
		err := c.readDetails(ctx)
		if err != nil {
			c.cutOff(ctx, err)
		}
		var read Reading
		c.change(func() {
			read = c.check.Details
			d.stop()
			d.stop, c.check.Details = nil, Reading{}
			if d.again {
				c.beginOwed()
			}
		})
		if read.Total > 0 || err != nil {
			c.Log.Info("details read", "done", read.Done, "total", read.Total, "took", c.Now().Sub(began), "code", codeOf(err))
		}
	}()
}

// readDetails reads what is owed, a few at a time, until nothing is left that
// can be read now. It ends with the first failure that would meet the others too.
func (c *Connector) readDetails(ctx context.Context) error {
	for {
		c.mu.Lock()
		c.details.again = false
		c.mu.Unlock()
		all, err := c.toRead(ctx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return nil
		}
		c.change(func() { c.check.Details.Total = c.check.Details.Done + len(all) })
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(detailsAtOnce)
		for _, r := range all[:min(len(all), detailsBatch)] {
			group.Go(func() error {
				if err := c.readOne(ctx, r); err != nil {
					return err
				}
				c.change(func() { c.check.Details.Done++ })
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
}

// toRead returns what is owed and not held back. What each sign-in has waited
// for longest comes first, so that none of them waits for all of another's.
func (c *Connector) toRead(ctx context.Context) ([]reading, error) {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	now := c.Now()
	var all []reading
	place, rank := map[string]int{}, map[string]int{}
	for _, s := range c.owing(signIns) {
		ids, err := c.Register.StaleDetails(ctx, s.signIn.SignInKey, s.since, now)
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			c.paid(s.signIn.SignInKey, s.since)
		}
		for i, id := range c.readable(s.signIn.SignInKey, ids) {
			at, twice := place[id]
			if !twice {
				at, place[id], rank[id] = len(all), len(all), i
				all = append(all, reading{organisation: id})
			}
			all[at].through = append(all[at].through, s.signIn)
		}
	}
	slices.SortStableFunc(all, func(a, b reading) int {
		return cmp.Compare(rank[a.organisation], rank[b.organisation])
	})
	return all, nil
}

// owed is a sign-in whose organisations are to be read.
type owed struct {
	signIn backend.SignIn
	since  time.Time
}

// owing returns the sign-ins for which details are owed. One that has ended owes
// nothing any more; one in trouble does again when its list can be read.
func (c *Connector) owing(signIns []backend.SignIn) (all []owed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	living := map[backend.SignInKey]bool{}
	for _, s := range signIns {
		living[s.SignInKey] = s.Trouble == ""
		if since, owes := c.details.owed[s.SignInKey]; owes && s.Trouble == "" {
			all = append(all, owed{s, since})
		}
	}
	maps.DeleteFunc(c.details.owed, func(key backend.SignInKey, _ time.Time) bool { return !living[key] })
	return all
}

// paid forgets what a sign-in owed, unless more has come since.
func (c *Connector) paid(key backend.SignInKey, since time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.details.owed[key].Equal(since) {
		delete(c.details.owed, key)
	}
}

// readConnected reads the details of what a sign-in has just brought. Who signs
// in again may be let in where they were refused before.
func (c *Connector) readConnected(o backend.Outcome) {
	var ids []string
	for _, organisation := range slices.Concat(o.Added, o.Back, o.Known) {
		ids = append(ids, organisation.ID)
	}
	c.oweDetails(o.SignIn.SignInKey)
	c.change(func() {
		if len(ids) > 0 {
			c.details.forgive(ids...)
		}
		c.beginOwed()
	})
}
