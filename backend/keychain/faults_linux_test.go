package keychain_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"

	"bookring/backend"
	"bookring/backend/simkeyring"
)

// TestUnderRandomFaultsNoCredentialIsLostOrWronglyReportedAsSaved saves generation
// after generation into a service with about one wrong answer in three. After a
// successful Save the keychain holds the new generation; after a failed Save the
// previous or the new generation.
func TestUnderRandomFaultsNoCredentialIsLostOrWronglyReportedAsSaved(t *testing.T) {
	count := 150
	if s := os.Getenv("BOOKRING_STRESS"); s != "" { // the common setting for the length of fault runs
		var err error
		if count, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	if !inChild(t) {
		s := simkeyring.New()
		beginFaults(s, rand.New(rand.NewPCG(1, 2)))
		bus := startBus(t)
		serve(t, s, bus)
		runAgain(t, "DBUS_SESSION_BUS_ADDRESS="+bus)
		return
	}
	v := newVault()
	v.Shorten(impatient/4, impatient)
	key := credential("kim", 0).SignInKey
	kept, refused, reported := 0, 0, map[backend.Code]int{}
	for generation := 1; generation <= count; generation++ {
		err := v.Save(t.Context(), credential("kim", generation))
		got := untilRead(t, v, key, kept > 0)
		switch {
		case err == nil && got != generation:
			t.Fatalf("generation %d is said to be saved, and %d is there", generation, got)
		case err != nil && got != kept && got != generation:
			t.Fatalf("after %d failed, %d is there; before it was %d", generation, got, kept)
		case err != nil:
			refused++
			reported[backend.AsFailure(err).Code]++
		}
		kept = got
	}
	if refused == 0 || refused == count {
		t.Errorf("%d of %d saves were refused", refused, count)
	}
	t.Logf("%d saves, %d refused: %v", count, refused, reported)
}

// untilRead loads until an answer without a fault, and returns the generation, or 0
// without a credential.
func untilRead(t *testing.T, v vault, key backend.SignInKey, mustBe bool) int {
	t.Helper()
	for range 100 {
		c, err := v.Load(t.Context(), key)
		switch {
		case err == nil:
			return c.Generation
		case errors.Is(err, backend.ErrNoCredential):
			if mustBe {
				t.Fatal("a credential that was there is said not to be")
			}
			return 0
		}
	}
	t.Fatal("no answer in a hundred was right")
	return 0
}

// beginFaults makes about one answer in three wrong. The service never reports an
// existing item as missing twice in a row, because a Vault believes two answers.
func beginFaults(s *simkeyring.Service, random *rand.Rand) {
	var mu sync.Mutex
	overlooked := false
	chance := func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return random.IntN(n)
	}
	s.Create = func(string) (dbus.ObjectPath, *dbus.Error) {
		switch chance(4) {
		case 0:
			return simkeyring.PromptPath, nil
		case 1:
			return "", dbus.NewError("org.example.DiskFull", nil)
		}
		return "", nil
	}
	s.Prompted = func() {
		switch chance(4) {
		case 0:
			s.Emit("Completed", true, dbus.MakeVariant(""))
		case 1:
			s.Emit("Moved", "left")
		case 2:
			s.Emit("Completed", fmt.Sprint(true), dbus.MakeVariant(""))
		case 3:
			s.Allow()
		}
	}
	s.Hide = func(string) bool {
		overlook := chance(6) == 0
		mu.Lock()
		defer mu.Unlock()
		overlooked = overlook && !overlooked
		return overlooked
	}
	s.Read = func(_, secret string) string {
		if chance(6) == 0 {
			return secret[:len(secret)/2]
		}
		return secret
	}
}
