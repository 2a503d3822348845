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

// clockJump is a jump of the computer's clock.
type clockJump struct {
	by time.Duration
	// atXero: Xero's clock advances too, as during the computer's sleep.
	atXero bool
	// inRenewal: the clock jumps during a renewal.
	inRenewal bool
}

var jumps = []clockJump{
	{by: time.Hour},
	{by: -time.Hour},
	{by: 24 * time.Hour},
	{by: -24 * time.Hour},
	{by: 10 * year},
	{by: -10 * year},
	{by: -time.Hour, inRenewal: true},
	{by: 8 * time.Hour, atXero: true},
}

// clockJumps lets the clock jump, and corrects the clock two hours later. A jump
// may neither end a sign-in nor cause needless renewals.
func clockJumps(t *testing.T, size int) string {
	var c clockRun
	t.Run("office", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { c.run(t, size) })
	})
	if c.excess+c.ended+c.unchecked > 0 {
		t.Error("a jump of the clock ended a sign-in, or caused needless renewals")
	}
	return fmt.Sprintf("%d jumps, %d renewals: %d periods with too many renewals, %d falsely ended, %d not checked again within the day",
		c.jumps, c.renewals, c.excess, c.ended, c.unchecked)
}

// clockRun counts the results of jumps.
type clockRun struct{ jumps, renewals, excess, ended, unchecked int }

func (c *clockRun) run(t *testing.T, size int) {
	const users = 2
	random := rand.New(rand.NewPCG(1, uint64(size)))
	o := simulate(t, world(users, 3))
	// during brings the window to the front again and again for a period, and counts
	// the renewals. For each sign-in, the limit is one for each half hour, and one
	// for the jump.
	during := func(length, pause time.Duration) {
		before := len(o.xero.Requests(simxero.Renewal))
		for range length / pause {
			o.CameForward()
			time.Sleep(pause)
		}
		n := len(o.xero.Requests(simxero.Renewal)) - before
		if c.renewals += n; n > users*int(length/(29*time.Minute)+2) {
			t.Logf("%d renewals in %v", n, length)
			c.excess++
		}
		c.ended += o.statuses()[backend.SignInAgain]
	}
	for range size {
		jump := jumps[random.IntN(len(jumps))]
		if jump.inRenewal {
			time.Sleep(accessLife)
			o.xero.Fail(simxero.Renewal, simxero.Fault{Late: 2 * time.Second})
			o.CheckNow()
			time.Sleep(time.Second)
		}
		o.clock.Advance(jump.by)
		if jump.atXero {
			o.xeroClock.Advance(jump.by)
		}
		c.jumps++
		during(2*time.Hour, 10*time.Minute)
		if !jump.atXero {
			o.clock.Advance(-jump.by)
		}
		before := len(o.xero.Requests(simxero.Connections))
		during(25*time.Hour, 25*time.Hour)
		if len(o.xero.Requests(simxero.Connections)) < before+users || o.statuses()[backend.Connected] != 3 {
			t.Logf("after %+v: %v", jump, o.statuses())
			c.unchecked++
		}
		o.xero.Heal()
	}
}
