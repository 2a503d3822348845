package connect_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"bookring/backend/connect"
)

func TestATurnGoesToWhoHasWaitedForLongest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var turn connect.Turn
		turn.Lock()
		var order []int
		for i := range 20 {
			go func() {
				turn.Lock()
				order = append(order, i)
				turn.Unlock()
			}()
			synctest.Wait()
		}
		turn.Unlock()
		synctest.Wait()
		if len(order) != 20 || !slices.IsSorted(order) {
			t.Error(order)
		}
	})
}

func TestNobodyWaitsForATurnTheyDoNotWantAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var turn connect.Turn
		turn.Lock()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- turn.Enter(ctx) }()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		turn.Unlock()
		if err := turn.Enter(t.Context()); err != nil { // it is nobody's
			t.Error(err)
		}
	})
}
