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

var errNoPermission = errors.New("notify: no permission from the user")

// notify returns when ctx ends. The goroutine in Wails' calls, without a context,
// ends with the calls or with the program.
func notify(ctx, window context.Context, title, text string) error {
	shown := make(chan error, 1)
	go func() { shown <- recovered(func() error { return show(window, title, text) }) }()
	select {
	case err := <-shown:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// show waits, on macOS for the first time, for the user's permission.
func show(window context.Context, title, text string) error {
	if !runtime.IsNotificationAvailable(window) {
		return errors.ErrUnsupported
	}
	if err := runtime.InitializeNotifications(window); err != nil {
		return fmt.Errorf("prepare notification: %w", err)
	}
	allowed, err := runtime.RequestNotificationAuthorization(window)
	if err != nil {
		return fmt.Errorf("request permission: %w", err)
	}
	if !allowed {
		return errNoPermission
	}
	id := strconv.FormatInt(time.Now().UnixNano(), 36)
	err = runtime.SendNotification(window, runtime.NotificationOptions{ID: id, Title: title, Body: text})
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}
