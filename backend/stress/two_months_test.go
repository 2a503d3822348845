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

// twoMonths simulates two months of a practice for each seed, with random faults.
func twoMonths(t *testing.T, size int) string {
	var all totals
	t.Run("seeds", func(t *testing.T) {
		for seed := range size {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { all.add(simulatePractice(t, uint64(seed))) })
			})
		}
	})
	if all.lost+all.needless+all.tooMany+all.unconnected > 0 {
		t.Error("two months cost a sign-in, a needless renewal or a limit of Xero")
	}
	return fmt.Sprintf("%d practices for %d days each, %d renewals, %d calls, %d faults: %d sign-ins lost, "+
		"%d needless renewals, %d limits of Xero exceeded, %d organisations not connected at the end",
		size, days, all.renewals, all.calls, all.faults, all.lost, all.needless, all.tooMany, all.unconnected)
}

const (
	practiceOrganisations = 100
	practiceSignIns       = 4
	visitsPerDay          = 3
	holidayDays           = days / 3
)

// totals are the results of several practices.
type totals struct {
	mu                                   sync.Mutex
	renewals, calls, faults              int
	lost, needless, tooMany, unconnected int
}

func (a *totals) add(p *practice) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults += p.faults
	a.needless += p.needless
	limited := 0
	for _, r := range p.xero.Requests() {
		a.calls++
		if r.Status == http.StatusTooManyRequests {
			limited++
		}
	}
	a.tooMany += limited - p.limited
	for _, e := range p.xero.Events() {
		switch e.Kind {
		case simxero.Renewed, simxero.RenewedAgain:
			a.renewals++
		case simxero.RenewalRefused:
			a.lost++
		}
	}
	if now := p.statuses(); now[backend.Connected] != practiceOrganisations {
		p.t.Logf("at the end: %v", now)
		a.unconnected += practiceOrganisations - now[backend.Connected]
	}
}

// practice is a simulation with random faults.
type practice struct {
	*simulation
	random *rand.Rand
	// outage draws a fault for every request; nil means no outage.
	outage          func() simxero.Fault
	faults, limited int

	mu       sync.Mutex
	renewed  map[backend.SignInKey]time.Time // since the last start of the program
	needless int
}

func simulatePractice(t *testing.T, seed uint64) *practice {
	p := &practice{simulation: simulate(t, world(practiceSignIns, practiceOrganisations)), random: rand.New(rand.NewPCG(seed, 6))}
	p.close()
	for _, e := range []simxero.Endpoint{simxero.Discovery, simxero.Renewal, simxero.Connections, simxero.Details} {
		p.xero.FailAtRandom(e, func() simxero.Fault { return p.draw(e) })
	}
	holiday := p.random.IntN(days - holidayDays)
	for day := range days {
		morning := time.Now().Add(24 * time.Hour)
		onHoliday := day >= holiday && day < holiday+holidayDays && seed%3 == 0
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

// draw draws the fault for a request: always a fault in an outage, otherwise
// rarely. The simulated Xero calls draw for a single request at a time.
func (p *practice) draw(e simxero.Endpoint) simxero.Fault {
	f := simxero.Fault{}
	switch {
	case p.outage != nil:
		if f = p.outage(); f.Status == http.StatusBadRequest && e != simxero.Renewal {
			return simxero.Fault{} // only the token endpoint answers invalid_grant
		}
	case p.random.IntN(50) == 0:
		all := xeroFaultKinds()
		f = all[p.random.IntN(len(all)-1)].draw() // all but the refusal, which needs an outage
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
	p.browser.Authoriser = renewalCounter{p.browser.Authoriser, p}
	p.start()
}

// workday starts the program, brings the window to the front several times, and
// closes the program after the last outage.
func (p *practice) workday() {
	p.begin()
	for range visitsPerDay {
		p.disturb()
		p.CameForward()
		time.Sleep(35 * time.Minute)
	}
	p.close()
}

// disturb causes a random disturbance shorter than the grace period.
func (p *practice) disturb() {
	length := time.Duration(p.random.Int64N(int64(longestOutage)))
	switch p.random.IntN(10) {
	case 0:
		all := xeroFaultKinds()
		p.setOutage(all[p.random.IntN(len(all))].draw)
		p.CheckNow()
		time.Sleep(length)
		p.setOutage(nil)
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

// setOutage waits for the end of the running draws.
func (p *practice) setOutage(outage func() simxero.Fault) {
	synctest.Wait()
	p.outage = outage
}

// renewalCounter counts needless renewals: renewals of a sign-in with a valid
// access token.
type renewalCounter struct {
	rig.Authoriser
	p *practice
}

func (c renewalCounter) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
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
