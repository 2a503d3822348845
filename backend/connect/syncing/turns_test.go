package syncing_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend"
	"bookring/backend/connect/syncing"
)

var (
	slow    = &backend.Failure{Code: backend.Offline, Slow: true}
	limited = &backend.Failure{Code: backend.XeroRateLimit}
)

// turns are turns without a prompt of the keychain.
func turns() syncing.Turns {
	return syncing.Turns{Prompting: func() bool { return false }}
}

func TestThreeSignInsInSequenceWithoutAnAnswerHaveASharedCause(t *testing.T) {
	begun, err := turns().Take(5, func(int) error { return slow })
	if begun != 3 || backend.CodeOf(err) != backend.Offline {
		t.Errorf("begun %d, %v", begun, err)
	}
}

func TestSlowSignInsBetweenAnsweredOnesHaveNoSharedCause(t *testing.T) {
	begun, err := turns().Take(9, func(i int) error {
		if i%3 == 0 {
			return nil
		}
		return slow
	})
	if begun != 9 || err != nil {
		t.Errorf("begun %d, %v", begun, err)
	}
}

func TestFourSignInsAtMostWaitSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var open, most atomic.Int32
		begun, err := turns().Take(12, func(int) error {
			most.Store(max(most.Load(), open.Add(1)))
			defer open.Add(-1)
			time.Sleep(time.Hour)
			return nil
		})
		if begun != 12 || err != nil || most.Load() != 4 {
			t.Errorf("begun %d, %v, %d side by side", begun, err, most.Load())
		}
	})
}

func TestOneSignInAfterTheOtherWhileTheKeychainWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var open, most atomic.Int32
		waiting := syncing.Turns{Prompting: func() bool { return true }}
		_, err := waiting.Take(3, func(int) error {
			most.Store(max(most.Load(), open.Add(1)))
			defer open.Add(-1)
			time.Sleep(2 * time.Minute)
			return nil
		})
		if err != nil || most.Load() != 1 {
			t.Errorf("%v, %d side by side", err, most.Load())
		}
	})
}

func TestALimitMetDuringTheSpaceBetweenTwoSignInsEndsTheTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		spaced := turns()
		spaced.Before = func(i int) {
			if i == 2 {
				time.Sleep(time.Minute) // the answer for the first sign-in comes meanwhile
			}
		}
		begun, err := spaced.Take(3, func(i int) error {
			if i == 0 {
				time.Sleep(20 * time.Second)
				return limited
			}
			return nil
		})
		if begun != 2 || backend.CodeOf(err) != backend.XeroRateLimit {
			t.Errorf("begun %d, %v", begun, err)
		}
	})
}

func TestTheFirstSharedFailureIsTheReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := turns().Take(2, func(i int) error {
			if i == 0 {
				time.Sleep(time.Minute)
				return &backend.Failure{Code: backend.Cancelled}
			}
			return limited
		})
		if backend.CodeOf(err) != backend.XeroRateLimit {
			t.Errorf("%v", err)
		}
	})
}
