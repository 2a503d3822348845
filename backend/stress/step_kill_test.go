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

// stepKills kills copies at every step of a renewal. After each kill, a new copy
// must recover the sign-in.
func stepKills(t *testing.T, size int) string {
	kills, lost, slow := 0, 0, 0
	for _, where := range steps() {
		t.Run(where.String(), func(t *testing.T) {
			k := &stepKill{where: where}
			k.run(t, size)
			kills, lost, slow = kills+k.kills, lost+k.lost, slow+k.slow
		})
	}
	if lost+slow > 0 {
		t.Error("a kill cost a sign-in, or more than one renewal")
	}
	return fmt.Sprintf("%d kills at %d steps: %d lost, %d not recovered by one renewal", kills, len(steps()), lost, slow)
}

// stepKill counts the results of kills at a step.
type stepKill struct {
	where step
	bug   bug

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
	c := s.start(options{Folder: folder, Bug: k.bug})
	defer c.kill()
	c.ready()
	c.do(command{Do: "start"})
	check := command{Do: "check", Ahead: accessLife, Step: k.where}
	switch k.where.Point {
	case markStored, nextStored:
		a := keyring.arm()
		c.send(check)
		select {
		case <-a.reached:
		case <-time.After(answerLimit):
			s.t.Fatal("the keyring was not called")
		}
		c.kill()
		close(a.release)
	default:
		if r := c.do(check); !r.Stopped {
			s.t.Fatalf("the copy did not reach the step: %+v", r)
		}
		c.kill()
	}
	k.kills++
}

// recover starts a new copy as late as possible. If Xero has renewed and the
// keychain lacks the new token, the limit is the grace period. The other steps
// have no limit.
func (k *stepKill) recover(s *scene, folder string) {
	late := time.Hour
	if k.where.needsGrace() {
		late = 29 * time.Minute
	}
	s.clock.Advance(late)
	before := len(s.xero.Requests(simxero.Renewal))
	c := s.start(options{Folder: folder, Bug: k.bug})
	defer c.kill()
	c.ready()
	found := c.do(command{Do: "start"})
	k.lost += found.except(backend.Connected)
	if len(s.xero.Requests(simxero.Renewal)) > before+1 {
		k.slow++
	}
}

// needsGrace reports whether Xero has renewed at the step, but the keychain lacks
// the new token.
func (s step) needsGrace() bool {
	switch s {
	case step{requested, true}, step{presented, true}, step{nextSaved, false}, step{nextStored, false}:
		return true
	}
	return false
}

// keyringStop stops the keyring before a credential is stored, or after the
// storing, before the credential is read back.
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

// wait stops the call of a copy until the copy is killed.
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
	p := markStored
	if a.writes.Add(1) == 2 {
		p = nextStored
	}
	switch {
	case p != k.where.Point:
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
