package stress_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend"
	"bookring/backend/simxero"
)

const year = 365 * 24 * time.Hour

// clockJump is what can happen to a computer's clock.
type clockJump struct {
	by time.Duration
	// atXero: the time has passed there too, as while the computer sleeps.
	atXero bool
	// inRenewal: just while a renewal is on its way.
	inRenewal bool
}

func clockJumps() []clockJump {
	return []clockJump{
		{by: time.Hour},
		{by: -time.Hour},
		{by: 24 * time.Hour},
		{by: -24 * time.Hour},
		{by: 10 * year},
		{by: -10 * year},
		{by: -time.Hour, inRenewal: true},
		{by: 8 * time.Hour, atXero: true},
	}
}

// clockFaults moves the clock so often, and sets it right again some hours later.
// A clock is nothing to sign in again for, and no reason to ask and ask.
func clockFaults(t *testing.T, size int) string {
	var c clockwork
	t.Run("office", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { c.run(t, size) })
	})
	if c.stormy+c.ended+c.stale > 0 {
		t.Error("a clock is not an end")
	}
	return fmt.Sprintf("%d jumps, %d renewals: %d times too many of them, %d falsely ended, %d not checked again within the day",
		c.jumps, c.renewals, c.stormy, c.ended, c.stale)
}

// clockwork is what came of jumps of the clock.
type clockwork struct{ jumps, renewals, stormy, ended, stale int }

func (c *clockwork) run(t *testing.T, size int) {
	const people = 2
	random := rand.New(rand.NewPCG(1, uint64(size)))
	o := openOffice(t, firm(people, 3))
	// during counts the renewals of a time, in which somebody looks at the window
	// every ten minutes; there is one for each half hour, and one for the jump.
	during := func(length, pause time.Duration) {
		before := len(o.xero.Requests(simxero.Renewal))
		for range length / pause {
			o.CameForward()
			time.Sleep(pause)
		}
		n := len(o.xero.Requests(simxero.Renewal)) - before
		if c.renewals += n; n > people*int(length/(29*time.Minute)+2) {
			t.Logf("%d renewals in %v", n, length)
			c.stormy++
		}
		c.ended += o.statuses()[backend.SignInAgain]
	}
	for range size {
		jump := clockJumps()[random.IntN(len(clockJumps()))]
		if jump.inRenewal {
			time.Sleep(accessLife)
			o.xero.Fail(simxero.Renewal, simxero.Fault{Late: 2 * time.Second})
			o.CheckNow()
			time.Sleep(time.Second)
		}
		o.clock.advance(jump.by)
		if jump.atXero {
			o.xeroClock.advance(jump.by)
		}
		c.jumps++
		during(2*time.Hour, 10*time.Minute)
		if !jump.atXero {
			o.clock.advance(-jump.by)
		}
		asked := len(o.xero.Requests(simxero.Connections))
		during(25*time.Hour, 25*time.Hour)
		if len(o.xero.Requests(simxero.Connections)) < asked+people || o.statuses()[backend.Connected] != 3 {
			t.Logf("after %+v: %v", jump, o.statuses())
			c.stale++
		}
		o.xero.Heal()
	}
}
