package stress_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/simxero"

	"github.com/godbus/dbus/v5"
)

// killedAtSteps kills a copy so often at each step of a renewal, and lets the
// next take up what was cut off.
func killedAtSteps(t *testing.T, size int) string {
	kills, lost, slow := 0, 0, 0
	for _, where := range steps() {
		t.Run(where.String(), func(t *testing.T) {
			k := &stepKill{where: where}
			k.run(t, size)
			kills, lost, slow = kills+k.kills, lost+k.lost, slow+k.slow
		})
	}
	if lost+slow > 0 {
		t.Error("every step may be the last")
	}
	return fmt.Sprintf("%d kills at %d steps: %d lost, %d not recovered by one renewal", kills, len(steps()), lost, slow)
}

// stepKill is what comes of being killed at one step.
type stepKill struct {
	where step
	wrong wrong

	kills, lost, slow int
}

func (k *stepKill) run(t *testing.T, size int) {
	keyring := &keyringStop{where: k.where}
	s := newScene(t, 1, simxero.Switches{}, func(s *scene) {
		s.ring.Create, s.ring.Read = keyring.create, keyring.read
	})
	folder := s.folder()
	for range size {
		k.killOnce(s, keyring, folder)
		if k.recover(s, folder); k.lost > 0 {
			return
		}
	}
}

func (k *stepKill) killOnce(s *scene, keyring *keyringStop, folder string) {
	c := s.start(orders{Folder: folder, Wrong: k.wrong})
	defer c.kill()
	c.ready()
	c.do(command{Do: "start"})
	told := command{Do: "check", Ahead: accessLife, Step: k.where}
	switch k.where.Point {
	case markKept, nextKept:
		a := keyring.arm()
		c.tell(told)
		select {
		case <-a.reached:
		case <-time.After(longest):
			s.t.Fatal("the keychain was not asked")
		}
		c.kill()
		close(a.release)
	default:
		if r := c.do(told); !r.Stopped {
			s.t.Fatalf("did not come to this step: %+v", r)
		}
		c.kill()
	}
	k.kills++
}

// recover lets the next copy start, as late as it may be: what Xero has renewed
// and the keychain has not heard of must be asked for again within the grace.
// Everything else has all the time in the world.
func (k *stepKill) recover(s *scene, folder string) {
	late := time.Hour
	if k.where.needsGrace() {
		late = 29 * time.Minute
	}
	s.clock.advance(late)
	before := len(s.xero.Requests(simxero.Renewal))
	c := s.start(orders{Folder: folder, Wrong: k.wrong})
	defer c.kill()
	c.ready()
	found := c.do(command{Do: "start"})
	k.lost += found.not(backend.Connected)
	if len(s.xero.Requests(simxero.Renewal)) > before+1 {
		k.slow++
	}
}

// needsGrace reports whether Xero has renewed the sign-in at this step, and the
// keychain does not have what it gave.
func (s step) needsGrace() bool {
	switch s {
	case step{requested, true}, step{presented, true}, step{nextSaved, false}, step{nextKept, false}:
		return true
	}
	return false
}

// keyringStop stops the keyring where it keeps a credential: before it does, or
// before it lets that be read back.
type keyringStop struct {
	where step
	armed atomic.Pointer[arm]
}

type arm struct {
	writes           atomic.Int32
	stored           atomic.Bool
	reached, release chan struct{}
}

func (k *keyringStop) arm() *arm {
	a := &arm{reached: make(chan struct{}), release: make(chan struct{})}
	k.armed.Store(a)
	return a
}

// wait holds whoever asks, until they are dead.
func (k *keyringStop) wait(a *arm) {
	k.armed.Store(nil)
	close(a.reached)
	<-a.release
}

func (k *keyringStop) create(account string) (dbus.ObjectPath, *dbus.Error) {
	a := k.armed.Load()
	if a == nil || !strings.Contains(account, "|") { // the index
		return "", nil
	}
	which := markKept
	if a.writes.Add(1) == 2 {
		which = nextKept
	}
	switch {
	case which != k.where.Point:
	case k.where.After:
		a.stored.Store(true)
	default:
		k.wait(a)
		return "", dbus.NewError("org.example.TooLate", nil)
	}
	return "", nil
}

func (k *keyringStop) read(_, secret string) string {
	if a := k.armed.Load(); a != nil && a.stored.Load() {
		k.wait(a)
	}
	return secret
}
