package task_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend/connect/task"
)

func TestCloseCancelsEveryTaskAndWaitsForTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g task.Group
		var ended atomic.Int32
		for range 3 {
			g.Go(t.Context(), func(ctx context.Context) {
				<-ctx.Done()
				time.Sleep(time.Second)
				ended.Add(1)
			})
		}
		g.Close()
		if ended.Load() != 3 {
			t.Errorf("%d tasks had ended", ended.Load())
		}
	})
}

func TestAClosedGroupBeginsNothing(t *testing.T) {
	var g task.Group
	g.Close()
	g.Go(t.Context(), func(context.Context) { t.Error("a task began") })
	if _, _, begun := g.Begin(t.Context()); begun {
		t.Error("a task began")
	}
}

func TestATaskEndsWithItsParent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g task.Group
		parent, cancel := context.WithCancel(t.Context())
		ctx, done, _ := g.Begin(parent)
		cancel()
		synctest.Wait()
		if ctx.Err() == nil {
			t.Error("the task goes on")
		}
		done()
		g.Close() // returns, because done was called
	})
}

// extended begins a step with the grace period, and returns a function that tells the
// step's life in seconds.
func extended(t *testing.T, g *task.Group, ctx context.Context) (life func() time.Duration) {
	t.Helper()
	longer, release := g.Extend(ctx)
	t.Cleanup(release)
	began := time.Now()
	return func() time.Duration {
		<-longer.Done()
		return time.Since(began)
	}
}

func TestAStepOutlivesItsContextByTheGracePeriod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := task.Group{Grace: 3 * time.Second}
		ctx, cancel := context.WithCancel(t.Context())
		life := extended(t, &g, ctx)
		cancel()
		if got := life(); got != 3*time.Second {
			t.Error(got)
		}
	})
}

func TestAfterCloseTheStepsShareOneGracePeriod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g task.Group
		ctx, done, _ := g.Begin(t.Context())
		closed := make(chan struct{})
		go func() { g.Close(); close(closed) }()
		synctest.Wait()
		time.Sleep(2 * time.Second) // of the five
		if got := extended(t, &g, ctx)(); got != task.DefaultGrace-2*time.Second {
			t.Error(got)
		}
		done()
		<-closed
	})
}

func TestAPauseEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := task.NewClock(nil, nil)
		if err := clock.Pause(t.Context(), time.Hour); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := clock.Now()
		if err := clock.Pause(ctx, time.Hour); err == nil || clock.Now().Sub(began) != time.Minute {
			t.Errorf("%v after %v", err, clock.Now().Sub(began))
		}
	})
}
