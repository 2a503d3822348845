package keychain_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend"
	"bookring/backend/keychain"
)

// held is a call that returns after the release.
type held struct{ release chan struct{} }

func hold() held { return held{make(chan struct{})} }

func (h held) call() (string, error) {
	<-h.release
	return "late", nil
}

func TestACallFailsAfterTwoMinutesAndWaitingIsReportedAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []time.Duration
		began := time.Now()
		v := keychain.New("test")
		v.Waiting = func(bool) { told = append(told, time.Since(began)) }
		h := hold()
		_, err := v.Guarded(t.Context(), h.call)
		failsWith(t, err, backend.KeychainStuck)
		if len(told) != 2 || told[0] != 5*time.Second || told[1] != 120*time.Second {
			t.Errorf("told at %v", told)
		}
		close(h.release)
	})
}

func TestTheUserMayAnswerThePromptWithinTwoMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hold()
		time.AfterFunc(119*time.Second, func() { close(h.release) })
		text, err := keychain.New("test").Guarded(t.Context(), h.call)
		if text != "late" || err != nil {
			t.Errorf("got %q, %v", text, err)
		}
	})
}

func TestNoCallStartsDuringAStuckCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := keychain.New("test")
		h := hold()
		_, err := v.Guarded(t.Context(), h.call)
		failsWith(t, err, backend.KeychainStuck)

		began := time.Now()
		_, err = v.Guarded(t.Context(), mustNotRun(t))
		failsWith(t, err, backend.KeychainStuck)
		if time.Since(began) != 0 {
			t.Errorf("waited %v for a call that was given up", time.Since(began))
		}

		close(h.release)
		synctest.Wait()
		if _, err := v.Guarded(t.Context(), answer); err != nil {
			t.Errorf("after the stuck call came back: %v", err)
		}
	})
}

func TestALateAnswerToThePromptAllowsTheNextCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := keychain.New("test")
		for range 5 {
			h := hold()
			_, err := v.Guarded(t.Context(), h.call)
			failsWith(t, err, backend.KeychainStuck)
			close(h.release)
			synctest.Wait()
			if _, err := v.Guarded(t.Context(), answer); err != nil {
				t.Errorf("after a late answer: %v", err)
			}
		}
	})
}

func TestACancelledCallReturnsAndTheNextCallWaitsForTheAbandonedCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := keychain.New("test")
		h := hold()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := v.Guarded(ctx, h.call)
		failsWith(t, err, backend.Cancelled)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the cause is lost: %v", err)
		}

		over := false
		time.AfterFunc(10*time.Second, func() { over = true; close(h.release) })
		_, err = v.Guarded(t.Context(), func() (string, error) {
			if !over {
				t.Error("two calls at once")
			}
			return "", nil
		})
		if err != nil {
			t.Errorf("the next call: %v", err)
		}
	})
}

func TestACancelledCallerDoesNotWaitToEnter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := keychain.New("test")
		h := hold()
		var first sync.WaitGroup
		first.Go(func() { _, _ = v.Guarded(context.Background(), h.call) })
		synctest.Wait()

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := v.Guarded(ctx, mustNotRun(t))
		failsWith(t, err, backend.Cancelled)
		close(h.release)
		first.Wait()
	})
}

func TestCallsRunOneAfterAnother(t *testing.T) {
	v := keychain.New("test")
	var all sync.WaitGroup
	inside := 0 // watched by the race detector
	for range 20 {
		all.Go(func() {
			_, err := v.Guarded(t.Context(), func() (string, error) {
				inside++
				defer func() { inside-- }()
				if inside != 1 {
					t.Error("two calls at once")
				}
				return "", nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestAPanicOfTheLibraryIsAFailureWithoutTheSecret(t *testing.T) {
	v := keychain.New("test")
	for name, f := range map[string]func() (string, error){
		"a wrong type": func() (string, error) {
			var a any = 1
			return a.(string), nil //nolint:errcheck // as in the library
		},
		"a missing part": func() (string, error) {
			var body []string
			return body[1], nil
		},
		"a value": func() (string, error) { panic(planted) },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := v.Guarded(t.Context(), f)
			failsWith(t, err, backend.KeychainFailed)
			if _, err := v.Guarded(t.Context(), answer); err != nil {
				t.Errorf("the next call: %v", err)
			}
		})
	}
}

func answer() (string, error) { return "", nil }

func mustNotRun(t *testing.T) func() (string, error) {
	return func() (string, error) {
		t.Error("a call was started")
		return "", nil
	}
}
