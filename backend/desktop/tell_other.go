//go:build !linux

package desktop

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

var errNotAllowed = errors.New("the person does not allow it")

// tell does not wait for what Wails waits for without a context: that ends by
// itself, or with the program.
func tell(ctx, window context.Context, title, text string) error {
	shown := make(chan error, 1)
	go func() { shown <- show(window, title, text) }()
	select {
	case err := <-shown:
		return err
	case <-ctx.Done():
		return fmt.Errorf("notify: %w", ctx.Err())
	}
}

// show lets macOS ask the person for leave, the first time.
func show(window context.Context, title, text string) error {
	if !runtime.IsNotificationAvailable(window) {
		return errors.ErrUnsupported
	}
	if err := runtime.InitializeNotifications(window); err != nil {
		return fmt.Errorf("prepare notification: %w", err)
	}
	allowed, err := runtime.RequestNotificationAuthorization(window)
	if err != nil {
		return fmt.Errorf("ask for leave: %w", err)
	}
	if !allowed {
		return errNotAllowed
	}
	id := strconv.FormatInt(time.Now().UnixNano(), 36)
	err = runtime.SendNotification(window, runtime.NotificationOptions{ID: id, Title: title, Body: text})
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}
