package keychain_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"bookring/backend"
	"bookring/backend/keychain"
	"bookring/backend/simkeyring"
)

// onABus runs a test in a process with a session bus of its own.
func onABus(t *testing.T, test func(t *testing.T, bus string)) {
	t.Helper()
	if !inChild(t) {
		runAgain(t, "DBUS_SESSION_BUS_ADDRESS="+startBus(t))
		return
	}
	test(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
}

// watch watches a vault until the end of the test. The returned function waits for the next
// change.
func watch(t *testing.T, v *keychain.Vault) (awaitChange func()) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	changes, ended := make(chan struct{}, 9), make(chan struct{})
	go func() {
		defer close(ended)
		v.Watch(ctx, func() { changes <- struct{}{} })
	}()
	t.Cleanup(func() { end(); <-ended })
	await := func() {
		t.Helper()
		select {
		case <-changes:
		case <-time.After(soon):
			t.Fatal("no change was told")
		}
	}
	await() // the first look
	return await
}

func TestAnotherPasswordStoreOnTheBusIsNoticed(t *testing.T) {
	onABus(t, func(t *testing.T, bus string) {
		v := newVault()
		awaitChange := watch(t, v)
		failsWith(t, v.Unlocked(t.Context()), backend.KeychainMissing)
		first := simkeyring.New()
		if err := first.Serve(bus); err != nil {
			t.Fatal(err)
		}
		awaitChange()
		if err := v.Unlocked(t.Context()); err != nil {
			t.Fatal(err)
		}
		save(t, v, credential("kim", 1))
		first.Die()
		awaitChange()
		second := simkeyring.New()
		second.Put(wellKeptAccount, encode(t, wellKept))
		serve(t, second, bus)
		awaitChange()
		loads(t, v, wellKept)
		if _, err := v.Load(t.Context(), credential("kim", 1).SignInKey); !errors.Is(err, backend.ErrNoCredential) {
			t.Errorf("Load from the second store: %v", err)
		}
	})
}

// The index used to be looked at once for each account: a credential saved in a second
// password store had no entry in the index of the second store.
func TestASaveInAnotherPasswordStoreWritesTheIndexThere(t *testing.T) {
	onABus(t, func(t *testing.T, bus string) {
		v := newVault()
		awaitChange := watch(t, v)
		first := simkeyring.New()
		if err := first.Serve(bus); err != nil {
			t.Fatal(err)
		}
		awaitChange()
		save(t, v, credential("kim", 1))
		save(t, v, credential("lee", 1))
		first.Die()
		awaitChange()
		serve(t, simkeyring.New(), bus)
		awaitChange()
		save(t, v, credential("kim", 2))
		keys, err := newVault().Keys(t.Context())
		if err != nil || !slices.Contains(keys, credential("kim", 2).SignInKey) {
			t.Errorf("index: %v, %v", keys, err)
		}
	})
}

func TestAnOpenedCollectionIsNoticedWithoutAPrompt(t *testing.T) {
	onABus(t, func(t *testing.T, bus string) {
		s := simkeyring.New()
		var open atomic.Bool
		var prompts atomic.Int32
		s.Locked = func() bool { return !open.Load() }
		s.Unlock = func([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) {
			prompts.Add(1)
			return nil, simkeyring.PromptPath
		}
		serve(t, s, bus)
		v := newVault()
		awaitChange := watch(t, v)
		failsWith(t, v.Unlocked(t.Context()), backend.KeychainLocked)
		open.Store(true)
		s.Announce()
		awaitChange()
		if err := v.Unlocked(t.Context()); err != nil || prompts.Load() != 0 {
			t.Errorf("%d prompts, %v", prompts.Load(), err)
		}
	})
}

func TestWithoutASessionBusNothingIsWatched(t *testing.T) {
	if !inChild(t) {
		runAgain(t, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere")
		return
	}
	newVault().Watch(t.Context(), func() { t.Error("a change without a bus") })
}

func TestGNOMEKeyringTellsALockWithoutAPrompt(t *testing.T) {
	for password, want := range map[string]backend.Code{"a password": "", "": backend.KeychainLocked} {
		name := "open"
		if password == "" {
			name = "locked"
		}
		t.Run(name, func(t *testing.T) {
			if inChild(t) {
				if code := backend.CodeOf(newVault().Unlocked(t.Context())); code != want {
					t.Errorf("%q, want %q", code, want)
				}
				return
			}
			d := newDesktop(t)
			d.startKeyring(t, "a password")() // makes the login keyring
			d.startKeyring(t, password)
			runAgain(t, d.env()...)
		})
	}
}

func TestAPasswordStoreThatComesAndGoesLeavesNothingRunning(t *testing.T) {
	onABus(t, func(t *testing.T, bus string) {
		v := newVault()
		awaitChange := watch(t, v)
		comeAndGo := func(times int) {
			for range times {
				s := simkeyring.New()
				if err := s.Serve(bus); err != nil {
					t.Fatal(err)
				}
				if err := v.Unlocked(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.Die()
			}
			awaitChange()
		}
		comeAndGo(5)
		before := runtime.NumGoroutine()
		comeAndGo(100)
		for limit := time.Now().Add(soon); runtime.NumGoroutine() > before+5; runtime.Gosched() {
			if time.Now().After(limit) {
				t.Fatalf("%d goroutines after %d", runtime.NumGoroutine(), before)
			}
		}
	})
}
