package stress_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// months lets a practice work for two months with each seed: a hundred clients,
// four sign-ins, and whatever goes wrong in that time.
func months(t *testing.T, size int) string {
	var all quarter
	t.Run("seeds", func(t *testing.T) {
		for seed := range size {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { all.add(work(t, uint64(seed))) })
			})
		}
	})
	if all.lost+all.needless+all.tooMany+all.unwell > 0 {
		t.Error("two months must cost nothing")
	}
	return fmt.Sprintf("%d practices for %d days each, %d renewals, %d calls, %d faults: %d sign-ins lost, "+
		"%d needless renewals, %d limits of Xero's passed, %d organisations not connected in the end",
		size, days, all.renewals, all.calls, all.faults, all.lost, all.needless, all.tooMany, all.unwell)
}

const (
	clientsInAll  = 100
	signInsInAll  = 4
	looksADay     = 3
	holidayInDays = days / 3
)

// quarter is what came of months of work.
type quarter struct {
	mu                              sync.Mutex
	renewals, calls, faults         int
	lost, needless, tooMany, unwell int
}

func (q *quarter) add(p *practice) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.faults += p.faults
	q.needless += p.needless
	limited := 0
	for _, r := range p.xero.Requests() {
		q.calls++
		if r.Status == http.StatusTooManyRequests {
			limited++
		}
	}
	q.tooMany += limited - p.limited
	for _, e := range p.xero.Events() {
		switch e.Kind {
		case simxero.Renewed, simxero.RenewedAgain:
			q.renewals++
		case simxero.RenewalRefused:
			q.lost++
		}
	}
	if now := p.statuses(); now[backend.Connected] != clientsInAll {
		p.t.Logf("in the end: %v", now)
		q.unwell += clientsInAll - now[backend.Connected]
	}
}

// practice is an office with the weather of its days.
type practice struct {
	*office
	random *rand.Rand
	// outage is what every request meets, or nil.
	outage          func() simxero.Fault
	faults, limited int

	mu       sync.Mutex
	renewed  map[backend.SignInKey]time.Time // in this run of the program
	needless int
}

func work(t *testing.T, seed uint64) *practice {
	p := &practice{office: openOffice(t, firm(signInsInAll, clientsInAll)), random: rand.New(rand.NewPCG(seed, 6))}
	p.close()
	for _, e := range []simxero.Endpoint{simxero.Discovery, simxero.Renewal, simxero.Connections, simxero.Details} {
		p.xero.FailAtRandom(e, func() simxero.Fault { return p.draw(e) })
	}
	holiday := p.random.IntN(days - holidayInDays)
	for day := range days {
		morning := time.Now().Add(24 * time.Hour)
		onHoliday := day >= holiday && day < holiday+holidayInDays && seed%3 == 0
		if day%7 < 5 && !onHoliday {
			p.workday()
		}
		time.Sleep(time.Until(morning))
	}
	p.xero.Heal()
	p.begin()
	time.Sleep(2 * time.Hour)
	synctest.Wait()
	return p
}

// draw is the weather: mostly fine, now and then a fault, and in an outage
// nothing but faults. The draws take turns.
func (p *practice) draw(e simxero.Endpoint) simxero.Fault {
	f := simxero.Fault{}
	switch {
	case p.outage != nil:
		if f = p.outage(); f.Status == http.StatusBadRequest && e != simxero.Renewal {
			return simxero.Fault{} // nothing else is refused so
		}
	case p.random.IntN(50) == 0:
		all := illnesses()
		f = all[p.random.IntN(len(all)-1)].draw() // a refusal alone is told by an outage
	default:
		return f
	}
	p.faults++
	if f.Status == http.StatusTooManyRequests {
		p.limited++
	}
	return f
}

func (p *practice) begin() {
	p.open()
	p.mu.Lock()
	p.renewed = map[backend.SignInKey]time.Time{}
	p.mu.Unlock()
	p.door.Authoriser = counted{p.door.Authoriser, p}
	p.start()
}

// workday opens the program, looks at it now and then, and closes it once
// nothing is left that Xero has not answered.
func (p *practice) workday() {
	p.begin()
	for range looksADay {
		p.happening()
		p.CameForward()
		time.Sleep(35 * time.Minute)
	}
	p.close()
}

// happening is what else the hour brings, in less than the grace.
func (p *practice) happening() {
	length := time.Duration(p.random.Int64N(int64(longestOutage)))
	switch p.random.IntN(10) {
	case 0:
		all := illnesses()
		p.weather(all[p.random.IntN(len(all))].draw)
		p.CheckNow()
		time.Sleep(length)
		p.weather(nil)
	case 1:
		p.network.down.Store(true)
		p.client.CloseIdleConnections()
		time.Sleep(length)
		p.network.down.Store(false)
	case 2:
		p.locked.Store(backend.Fail(backend.KeychainLocked, "", nil))
		p.CheckNow()
		time.Sleep(length)
		p.locked.Store(nil)
		p.CheckNow()
	case 3:
		p.CheckNow()
	}
}

// weather changes while requests may be drawing.
func (p *practice) weather(outage func() simxero.Fault) {
	synctest.Wait()
	p.outage = outage
}

// counted is an authoriser that counts what was not needed: a renewal of a
// sign-in whose access token still lives.
type counted struct {
	rig.Authoriser
	p *practice
}

func (c counted) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	token, err := c.Authoriser.Renew(ctx, key, refresh)
	if err != nil {
		return token, err
	}
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	now := time.Now()
	if last, before := c.p.renewed[key]; before && now.Sub(last) < 28*time.Minute {
		c.p.needless++
	}
	c.p.renewed[key] = now
	return token, nil
}
