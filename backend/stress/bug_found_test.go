//go:build !race

package stress_test

import (
	"testing"
	"time"
)

func TestRandomKillsFindEveryBug(t *testing.T) {
	const kills = 30
	for _, b := range []struct {
		bug   bug
		grace time.Duration
		users int
		found func(*randomKill) int
	}{
		{noLock, 0, 2, func(k *randomKill) int { return k.concurrent }},
		{deleteThenAdd, 0, signIns, func(k *randomKill) int { return k.lost }},
		{hidesEnding, shortGrace, signIns, func(k *randomKill) int { return k.misreported }},
	} {
		t.Run(string(b.bug), func(t *testing.T) {
			t.Parallel()
			k := &randomKill{bug: b.bug, grace: b.grace, users: b.users}
			for range 10 { // on a busy computer, the kills of a run can precede every renewal
				k.run(t, kills)
				if b.found(k) > 0 {
					return
				}
			}
			t.Error("not found:", k)
		})
	}
}

// With the normal grace period, random kills do not find the late save.
func TestStepKillsFindALateSave(t *testing.T) {
	t.Parallel()
	k := &stepKill{where: step{reconciled, true}, bug: useThenSave}
	k.run(t, 3)
	if k.lost == 0 {
		t.Error("not found")
	}
}

func TestKeychainFaultsFindAnIgnoredDismissal(t *testing.T) {
	t.Parallel()
	k := &keychainRun{}
	k.run(t, dismissed, ignoresDismissal, 20)
	if k.lost == 0 {
		t.Error("not found")
	}
}
