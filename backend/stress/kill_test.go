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

// race is copies that renew the sign-ins of one user against each other, in a
// world where answers get lost and the keychain fails, and are killed.
type race struct {
	people int
	wrong  wrong
	grace  time.Duration // Xero's; zero: the usual

	kills, renewals    int
	dropped, unsaved   atomic.Int32
	lost, untrue, torn int
	twice              int // presented while another did
}

func killedAtRandom(t *testing.T, size int) string {
	r := &race{people: signIns}
	r.run(t, size)
	if r.lost+r.untrue+r.torn+r.twice > 0 {
		t.Error("sign-ins must not be lost")
	}
	return r.String()
}

// In a grace so short sign-ins are lost: whoever is killed after Xero has
// answered and stays dead for longer has nothing that works. The window must say
// so of each of them, and of no other.
func killedInShortGrace(t *testing.T, size int) string {
	r := &race{people: signIns, grace: shortGrace}
	r.run(t, size)
	if r.untrue+r.torn+r.twice > 0 {
		t.Error("losses must be told, and nothing else")
	}
	return r.String()
}

func (r *race) String() string {
	return fmt.Sprintf("%d kills, %d renewals, %d answers dropped, %d keychain writes refused: "+
		"%d lost, %d not told truthfully, %d torn, %d presented twice at once",
		r.kills, r.renewals, r.dropped.Load(), r.unsaved.Load(), r.lost, r.untrue, r.torn, r.twice)
}

const (
	racers     = 3
	shortGrace = 3 * time.Second
)

// run runs the race, world by world.
func (r *race) run(t *testing.T, kills int) {
	// A world remembers all that happened, and in a short grace has soon nothing
	// left to lose.
	world := 500
	if r.grace > 0 {
		world = 60
	}
	for left := kills; left > 0 && !t.Failed(); left -= world {
		t.Run("world", func(t *testing.T) { r.world(t, min(left, world)) })
	}
}

func (r *race) world(t *testing.T, kills int) {
	var calm atomic.Bool
	calm.Store(true)
	s := newScene(t, r.people, simxero.Switches{Grace: r.grace}, func(s *scene) {
		s.ring.Create = func(string) (dbus.ObjectPath, *dbus.Error) {
			if !calm.Load() && rand.IntN(20) == 0 {
				r.unsaved.Add(1)
				return "", dbus.NewError("org.example.DiskFull", nil)
			}
			return "", nil
		}
	})
	faults := s.xero.FailAtRandom(simxero.Renewal, func() simxero.Fault {
		f := simxero.Fault{Delay: time.Duration(rand.IntN(8)) * time.Millisecond}
		if rand.IntN(4) == 0 {
			r.dropped.Add(1)
			f.Lose = simxero.AnswerLost
		}
		return f
	})
	folders := make([]string, racers)
	for i := range folders {
		folders[i] = s.folder()
	}
	calm.Store(false)
	if r.grace == 0 {
		r.killOneByOne(s, folders, kills)
	} else {
		r.killTogether(s, folders, kills)
	}
	calm.Store(true)
	faults.Stop()
	r.kills += kills
	r.judge(s, folders)
}

// killOneByOne kills one copy after the other; the others go on.
func (r *race) killOneByOne(s *scene, folders []string, kills int) {
	var left atomic.Int32
	left.Store(int32(kills))
	var copies sync.WaitGroup
	for _, folder := range folders {
		copies.Go(func() {
			for left.Add(-1) >= 0 && !s.t.Failed() {
				c, life := r.start(s, folder)
				c.ready()
				<-time.After(life)
				c.kill()
			}
		})
	}
	copies.Wait()
}

// start starts a copy that has so long to live. Every fourth takes up first what
// was cut off, for which it reads every credential; the others go straight on.
func (r *race) start(s *scene, folder string) (*copyOf, time.Duration) {
	life, starts := 150*time.Millisecond, rand.IntN(4) == 0
	if starts {
		life = 600 * time.Millisecond
	}
	c := s.start(orders{Folder: folder, Races: true, Starts: starts, Wrong: r.wrong})
	return c, time.Duration(rand.Int64N(int64(life)))
}

// killTogether is power cuts, each of which lasts longer than the grace.
func (r *race) killTogether(s *scene, folders []string, kills int) {
	for done := 0; done < kills && !s.t.Failed(); done += len(folders) {
		var copies []*copyOf
		var life time.Duration
		for _, folder := range folders {
			var c *copyOf
			c, life = r.start(s, folder)
			copies = append(copies, c)
		}
		for _, c := range copies {
			c.ready()
		}
		<-time.After(life)
		for _, c := range copies {
			c.end()
		}
		for _, c := range copies {
			c.kill()
		}
		s.clock.advance(r.grace + time.Second)
	}
}

// judge lets a calm copy look at each folder, and compares what it says with
// what Xero knows.
func (r *race) judge(s *scene, folders []string) {
	s.t.Helper()
	count := s.events()
	r.twice += count[simxero.RenewedTwiceAtOnce]
	r.renewals += count[simxero.Renewed] + count[simxero.RenewedAgain]
	var said []report
	for _, folder := range folders {
		said = append(said, s.calm(folder, r.wrong))
	}
	for name, alive := range s.alive() {
		want := backend.Connected
		if !alive {
			want = backend.SignInAgain
			r.lost++
		}
		for _, copy := range said {
			if copy.Status[name] != want {
				r.untrue++
				s.t.Logf("%s: %s, %s, and should be %s", name, copy.Status[name], copy.Trouble[name], want)
			}
			if copy.Trouble[name] == backend.KeychainDamaged {
				r.torn++
			}
		}
	}
}
