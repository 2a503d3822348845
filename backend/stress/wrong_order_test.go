//go:build !race

package stress_test

import (
	"testing"
	"time"
)

// A proof that cannot fail is worth nothing.
func TestTheRaceSeesAWrongOrder(t *testing.T) {
	const kills = 30
	for _, w := range []struct {
		wrong  wrong
		grace  time.Duration
		people int
		seen   func(*race) int
	}{
		{withoutLock, 0, 2, func(r *race) int { return r.twice }},
		{deleteThenAdd, 0, signIns, func(r *race) int { return r.lost }},
		{hidesTheEnd, shortGrace, signIns, func(r *race) int { return r.untrue }},
	} {
		t.Run(string(w.wrong), func(t *testing.T) {
			t.Parallel()
			r := &race{wrong: w.wrong, grace: w.grace, people: w.people}
			for range 10 { // a busy computer kills before anything begins
				r.run(t, kills)
				if w.seen(r) > 0 {
					return
				}
			}
			t.Error("not seen:", r)
		})
	}
}

// The usual grace hides this order from the race.
func TestTheStepsSeeAWrongOrder(t *testing.T) {
	t.Parallel()
	k := &stepKill{where: step{reconciled, true}, wrong: useThenSave}
	k.run(t, 3)
	if k.lost == 0 {
		t.Error("not seen")
	}
}

func TestTheKeychainFaultsSeeWhoeverBelievesThem(t *testing.T) {
	t.Parallel()
	k := &sick{}
	k.run(t, dismissed, believes, 20)
	if k.lost == 0 {
		t.Error("not seen")
	}
}
