package task

import (
	"context"
	"time"
)

// Clock tells the time and passes time. Both fields must be set; [NewClock] sets
// the system's clock.
type Clock struct {
	Now func() time.Time
	// Pause returns nil after d, or ctx's error when ctx ends first.
	Pause func(ctx context.Context, d time.Duration) error
}

// NewClock returns a clock with the given fields. A nil field means the system's
// clock.
func NewClock(now func() time.Time, pause func(ctx context.Context, d time.Duration) error) Clock {
	if now == nil {
		now = time.Now
	}
	if pause == nil {
		pause = sleep
	}
	return Clock{Now: now, Pause: pause}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
