package stress_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/simxero"

	"github.com/godbus/dbus/v5"
)

// randomKill kills copies at random. The copies concurrently renew the sign-ins of
// one computer. Xero drops answers, and the keyring refuses writes.
type randomKill struct {
	users int
	bug   bug
	grace time.Duration // Xero's grace period; zero means the default

	kills, renewals            int
	dropped, unsaved           atomic.Int32
	lost, misreported, damaged int
	concurrent                 int // presented by two copies at once
}

func randomKills(t *testing.T, size int) string {
	k := &randomKill{users: signIns}
	k.run(t, size)
	if k.lost+k.misreported+k.damaged+k.concurrent > 0 {
		t.Error("a kill cost a sign-in, or the list is wrong")
	}
	return k.String()
}

// shortGraceKills expects lost sign-ins: a kill after Xero's answer costs the
// sign-in if the next copy starts after the grace period. The list must show each
// lost sign-in, and no other, as ended.
func shortGraceKills(t *testing.T, size int) string {
	k := &randomKill{users: signIns, grace: shortGrace}
	k.run(t, size)
	if k.misreported+k.damaged+k.concurrent > 0 {
		t.Error("the list must show the lost sign-ins as ended, and no others")
	}
	return k.String()
}

func (k *randomKill) String() string {
	return fmt.Sprintf("%d kills, %d renewals, %d answers dropped, %d keychain writes refused: "+
		"%d lost, %d reported wrongly, %d damaged, %d presented concurrently",
		k.kills, k.renewals, k.dropped.Load(), k.unsaved.Load(), k.lost, k.misreported, k.damaged, k.concurrent)
}

const (
	concurrentCopies = 3
	shortGrace       = 3 * time.Second
)

// run divides the kills among several worlds. A simulated Xero remembers every
// event, and with a short grace period soon has no sign-in left.
func (k *randomKill) run(t *testing.T, kills int) {
	world := 500
	if k.grace > 0 {
		world = 60
	}
	for left := kills; left > 0 && !t.Failed(); left -= world {
		t.Run("world", func(t *testing.T) { k.world(t, min(left, world)) })
	}
}

func (k *randomKill) world(t *testing.T, kills int) {
	var faulty atomic.Bool
	s := newScene(t, k.users, simxero.Switches{Grace: k.grace}, func(s *scene) {
		s.ring.Create = func(string) (dbus.ObjectPath, *dbus.Error) {
			if faulty.Load() && rand.IntN(20) == 0 {
				k.unsaved.Add(1)
				return "", dbus.NewError("org.example.DiskFull", nil)
			}
			return "", nil
		}
	})
	faults := s.xero.FailAtRandom(simxero.Renewal, func() simxero.Fault {
		f := simxero.Fault{Delay: time.Duration(rand.IntN(8)) * time.Millisecond}
		if rand.IntN(4) == 0 {
			k.dropped.Add(1)
			f.Lose = simxero.AnswerLost
		}
		return f
	})
	folders := make([]string, concurrentCopies)
	for i := range folders {
		folders[i] = s.folder()
	}
	faulty.Store(true)
	if k.grace == 0 {
		k.killSeparately(s, folders, kills)
	} else {
		k.killTogether(s, folders, kills)
	}
	faulty.Store(false)
	faults.Stop()
	k.kills += kills
	k.compare(s, folders)
}

// killSeparately kills and restarts each copy while the other copies run.
func (k *randomKill) killSeparately(s *scene, folders []string, kills int) {
	var left atomic.Int32
	left.Store(int32(kills))
	var copies sync.WaitGroup
	for _, folder := range folders {
		copies.Go(func() {
			for left.Add(-1) >= 0 && !s.t.Failed() {
				c, life := k.start(s, folder)
				c.ready()
				<-time.After(life)
				c.kill()
			}
		})
	}
	copies.Wait()
}

// start starts a copy and returns the time until the kill. A quarter of the copies
// complete interrupted work first, with a read of every credential.
func (k *randomKill) start(s *scene, folder string) (*copyProcess, time.Duration) {
	life, starts := 150*time.Millisecond, rand.IntN(4) == 0
	if starts {
		life = 600 * time.Millisecond
	}
	c := s.start(options{Folder: folder, RenewsForever: true, Starts: starts, Bug: k.bug})
	return c, time.Duration(rand.Int64N(int64(life)))
}

// killTogether kills all copies at once, like a power failure longer than the
// grace period.
func (k *randomKill) killTogether(s *scene, folders []string, kills int) {
	for done := 0; done < kills && !s.t.Failed(); done += len(folders) {
		var copies []*copyProcess
		var life time.Duration
		for _, folder := range folders {
			var c *copyProcess
			c, life = k.start(s, folder)
			copies = append(copies, c)
		}
		for _, c := range copies {
			c.ready()
		}
		<-time.After(life)
		for _, c := range copies {
			c.signal()
		}
		for _, c := range copies {
			c.kill()
		}
		s.clock.Advance(k.grace + time.Second)
	}
}

// compare compares the list of a final check in each folder with the sign-ins at Xero.
func (k *randomKill) compare(s *scene, folders []string) {
	s.t.Helper()
	count := s.events()
	k.concurrent += count[simxero.RenewedTwiceAtOnce]
	k.renewals += count[simxero.Renewed] + count[simxero.RenewedAgain]
	var reports []report
	for _, folder := range folders {
		reports = append(reports, s.finalCheck(folder, k.bug))
	}
	for name, renewable := range s.renewable() {
		want := backend.Connected
		if !renewable {
			want = backend.SignInAgain
			k.lost++
		}
		for _, r := range reports {
			if r.Status[name] != want {
				k.misreported++
				s.t.Logf("%s: %s, %s, want %s", name, r.Status[name], r.Trouble[name], want)
			}
			if r.Trouble[name] == backend.KeychainDamaged {
				k.damaged++
			}
		}
	}
}
