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

// keychainFault is a fault of the keyring.
type keychainFault string

const (
	healthy    keychainFault = ""
	refuses    keychainFault = "an error"
	hangs      keychainFault = "no answer"
	dismissed  keychainFault = "a dismissed prompt reported as completed"
	wrongValue keychainFault = "another value"
	overlooks  keychainFault = "an overlooked item"
	malformed  keychainFault = "an answer that breaks the library"
)

func keychainFaults(t *testing.T, size int) string {
	var all keychainRun
	for _, fault := range []keychainFault{refuses, hangs, dismissed, wrongValue, overlooks, malformed} {
		t.Run(string(fault), func(t *testing.T) {
			k := &keychainRun{}
			k.run(t, fault, noBug, size)
			all.rounds, all.met = all.rounds+k.rounds, all.met+k.met
			all.lost, all.ended, all.stuck = all.lost+k.lost, all.ended+k.ended, all.stuck+k.stuck
		})
	}
	if all.lost+all.ended+all.stuck > 0 {
		t.Error("a fault of the keychain cost a sign-in")
	}
	return all.String()
}

// keychainRun counts the results of rounds. In each round, the keychain is faulty
// during a check, and healthy afterwards.
type keychainRun struct {
	rounds, met int
	lost        int // reported as saved, but not saved
	ended       int // falsely reported as ended during the fault
	stuck       int // not connected after the fault
}

func (k *keychainRun) String() string {
	return fmt.Sprintf("%d rounds, %d with an effect of the fault: %d falsely reported as saved or lost, %d falsely ended, %d not recovered",
		k.rounds, k.met, k.lost, k.ended, k.stuck)
}

// patience replaces the two minutes for the answer to a prompt, because the prompts
// of these tests are never answered.
const patience = 250 * time.Millisecond

func (k *keychainRun) run(t *testing.T, fault keychainFault, b bug, size int) {
	f := &faultyKeyring{release: make(chan struct{})}
	s := newScene(t, 2, simxero.Switches{}, func(s *scene) { f.plant(s.ring) })
	folder := s.folder()
	start := func() *copyProcess {
		c := s.start(options{Folder: folder, Patience: patience, Bug: b})
		c.ready()
		c.do(command{Do: "start"})
		return c
	}
	c := start()
	for range size {
		f.begin(fault)
		during := c.do(command{Do: "check", Ahead: accessLife})
		f.end()
		k.rounds++
		if during.except(backend.Connected) > 0 {
			k.met++
		}
		for _, status := range during.Status {
			if status == backend.SignInAgain {
				k.ended++
			}
		}
		if during.Unsaved {
			c.do(command{Do: "saved"})
		}
		// Every credential is reported as saved now, so the program and the grace period may
		// end. A running program would save the credential in memory again.
		ends := k.rounds%5 == 0
		if ends {
			c.kill()
		}
		s.clock.Advance(time.Hour)
		if ends {
			c = start()
		}
		after := c.do(command{Do: "check", Ahead: accessLife})
		for try := 0; try < 100 && after.except(backend.NotChecked) < len(after.Status); try++ {
			<-time.After(10 * time.Millisecond) // calls that hung still return
			after = c.do(command{Do: "check"})
		}
		for _, status := range after.Status {
			switch status {
			case backend.Connected:
			case backend.SignInAgain:
				k.lost++
			default:
				k.stuck++
			}
		}
		if k.lost+k.ended+k.stuck > 0 {
			t.Logf("%s, round %d: during the fault: %+v; afterwards: %+v", fault, k.rounds, during, after)
			return
		}
	}
}

// faultyKeyring makes about half of the calls fail during a fault.
type faultyKeyring struct {
	fault atomic.Value
	// misread holds by account whether the last read was false. Two false reads in
	// a row would be indistinguishable from a lost item.
	misread sync.Map

	mu      sync.Mutex
	release chan struct{}
}

func (f *faultyKeyring) begin(fault keychainFault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.release = make(chan struct{})
	f.fault.Store(fault)
}

func (f *faultyKeyring) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault.Store(healthy)
	close(f.release)
}

func (f *faultyKeyring) has(fault keychainFault) bool {
	return f.fault.Load() == fault && rand.IntN(2) == 0
}

func (f *faultyKeyring) misreads(fault keychainFault, account string) bool {
	if f.fault.Load() != fault {
		return false
	}
	last, _ := f.misread.Load(account)
	misreads := f.has(fault) && last != true
	f.misread.Store(account, misreads)
	return misreads
}

func (f *faultyKeyring) hang() {
	f.mu.Lock()
	release := f.release
	f.mu.Unlock()
	<-release
}

func (f *faultyKeyring) plant(ring *simkeyring.Service) {
	ring.Create = func(string) (dbus.ObjectPath, *dbus.Error) {
		switch {
		case f.has(refuses):
			return "", dbus.NewError("org.example.DiskFull", nil)
		case f.has(hangs):
			f.hang()
		case f.has(dismissed), f.has(malformed):
			return simkeyring.PromptPath, nil
		}
		return "", nil
	}
	ring.Prompted = func() {
		if f.fault.Load() == malformed {
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

// other returns half of the secret, nothing, or another account's secret.
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
