package desktop

import (
	"context"
	"fmt"
	"time"
)

// notifyTimeout exceeds the three minutes in which macOS waits for the user's
// permission.
const notifyTimeout = 4 * time.Minute

// Notify shows a notification of the operating system and returns when ctx ends, at
// the latest. Window is Wails' context. Text must not come from another program
// or person, because some systems interpret markup in text.
//
// Notify fails without a notification service, without an answer, without the
// user's permission, and with the error of ctx if ctx ends first.
func Notify(ctx, window context.Context, title, text string) error {
	ctx, cancel := context.WithTimeout(ctx, notifyTimeout)
	defer cancel()
	err := notify(ctx, window, title, text)
	if err != nil && ctx.Err() != nil { // then err depends on the moment
		return fmt.Errorf("notify: %w", ctx.Err())
	}
	return err
}
