package stress_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/simkeyring"
	"bookring/backend/simxero"

	"github.com/godbus/dbus/v5"
)

// trouble is a way in which a keychain goes wrong.
type trouble string

const (
	noTrouble  trouble = ""
	refuses    trouble = "an error"
	hangs      trouble = "no answer"
	dismissed  trouble = "dismissed, and said to be done"
	wrongValue trouble = "another value comes back"
	overlooks  trouble = "overlooks what is there"
	panics     trouble = "an answer that breaks the library"
)

func troubles() []trouble {
	return []trouble{refuses, hangs, dismissed, wrongValue, overlooks, panics}
}

func keychainFaults(t *testing.T, size int) string {
	var all sick
	for _, what := range troubles() {
		t.Run(string(what), func(t *testing.T) {
			k := &sick{}
			k.run(t, what, right, size)
			all.rounds, all.met = all.rounds+k.rounds, all.met+k.met
			all.lost, all.ended, all.stayed = all.lost+k.lost, all.ended+k.ended, all.stayed+k.stayed
		})
	}
	if all.lost+all.ended+all.stayed > 0 {
		t.Error("what is said to be saved must be")
	}
	return all.String()
}

// sick is a keychain that is in trouble in every round, and well again after it.
type sick struct {
	rounds, met int
	// lost were said to be saved and were not. Ended were said to have ended.
	// Stayed did not come back when the keychain was well again.
	lost, ended, stayed int
}

func (k *sick) String() string {
	return fmt.Sprintf("%d rounds, %d of them met the fault: %d falsely saved or lost, %d falsely ended, %d not well again",
		k.rounds, k.met, k.lost, k.ended, k.stayed)
}

// patience is the two minutes that a person may take, for those who never do.
const patience = 250 * time.Millisecond

func (k *sick) run(t *testing.T, what trouble, w wrong, size int) {
	f := &faultyKeyring{release: make(chan struct{})}
	s := newScene(t, 2, simxero.Switches{}, func(s *scene) { f.spoil(s.ring) })
	c := s.start(orders{Folder: s.folder(), Patience: patience, Wrong: w})
	c.ready()
	c.do(command{Do: "start"})
	for range size {
		f.begin(what)
		ill := c.do(command{Do: "check", Ahead: accessLife})
		f.end()
		k.rounds++
		if ill.not(backend.Connected) > 0 {
			k.met++
		}
		for _, status := range ill.Status {
			if status == backend.SignInAgain {
				k.ended++
			}
		}
		if ill.Unsaved {
			c.do(command{Do: "saved"})
		}
		// Now all is said to be saved: the grace may end.
		s.clock.advance(time.Hour)
		well := c.do(command{Do: "check", Ahead: accessLife})
		for try := 0; try < 100 && well.not(backend.NotChecked) < len(well.Status); try++ {
			<-time.After(10 * time.Millisecond) // what hung is still on its way
			well = c.do(command{Do: "check"})
		}
		for _, status := range well.Status {
			switch status {
			case backend.Connected:
			case backend.SignInAgain:
				k.lost++
			default:
				k.stayed++
			}
		}
		if k.lost+k.ended+k.stayed > 0 {
			t.Logf("%s, round %d: in trouble: %+v; well again: %+v", what, k.rounds, ill, well)
			return
		}
	}
}

// faultyKeyring does about every second thing wrongly while it is in trouble.
type faultyKeyring struct {
	trouble atomic.Value
	// misread says which accounts were overlooked or misread when they were last
	// read: never twice in a row, which nothing could tell from what is gone.
	misread sync.Map

	mu      sync.Mutex
	release chan struct{}
}

func (f *faultyKeyring) begin(what trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.release = make(chan struct{})
	f.trouble.Store(what)
}

func (f *faultyKeyring) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trouble.Store(noTrouble)
	close(f.release)
}

func (f *faultyKeyring) has(what trouble) bool {
	return f.trouble.Load() == what && rand.IntN(2) == 0
}

func (f *faultyKeyring) misreads(what trouble, account string) bool {
	if f.trouble.Load() != what {
		return false
	}
	last, _ := f.misread.Load(account)
	misreads := f.has(what) && last != true
	f.misread.Store(account, misreads)
	return misreads
}

func (f *faultyKeyring) hang() {
	f.mu.Lock()
	release := f.release
	f.mu.Unlock()
	<-release
}

func (f *faultyKeyring) spoil(ring *simkeyring.Service) {
	ring.Create = func(string) (dbus.ObjectPath, *dbus.Error) {
		switch {
		case f.has(refuses):
			return "", dbus.NewError("org.example.DiskFull", nil)
		case f.has(hangs):
			f.hang()
		case f.has(dismissed), f.has(panics):
			return simkeyring.PromptPath, nil
		}
		return "", nil
	}
	ring.Prompted = func() {
		if f.trouble.Load() == panics {
			ring.Emit("Completed", "true", dbus.MakeVariant(""))
			return
		}
		ring.Emit("Completed", true, dbus.MakeVariant(""))
	}
	ring.Hide = func(account string) bool {
		return f.misreads(overlooks, account)
	}
	ring.Read = func(account, secret string) string {
		switch {
		case f.has(hangs):
			f.hang()
		case f.misreads(wrongValue, account):
			return f.other(ring, account, secret)
		}
		return secret
	}
}

// other is half of what was asked for, nothing, or somebody else's.
func (f *faultyKeyring) other(ring *simkeyring.Service, account, secret string) string {
	switch rand.IntN(3) {
	case 0:
		return secret[:len(secret)/2]
	case 1:
		return ""
	}
	for _, another := range ring.Kept() {
		if another != account {
			return ring.Item(another)
		}
	}
	return ""
}
