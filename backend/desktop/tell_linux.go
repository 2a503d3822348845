package desktop

import (
	"context"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// tell speaks to the desktop's own service (freedesktop.org, Desktop
// Notifications Specification 1.2). Wails' way there begins a bus of its own
// where there is none, leaves a folder in the user's configuration, and waits
// without limit.
func tell(ctx, _ context.Context, title, text string) error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("reach session bus: %w", err)
	}
	defer func() { _ = conn.Close() }() // the answer is here, or will not come
	if err := conn.Auth(nil); err != nil {
		return fmt.Errorf("enter session bus: %w", err)
	}
	if err := conn.Hello(); err != nil {
		return fmt.Errorf("enter session bus: %w", err)
	}
	service := conn.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
	const replaces, usualTime = uint32(0), int32(-1)
	call := service.CallWithContext(ctx, "org.freedesktop.Notifications.Notify", 0,
		"Bookring", replaces, "", title, text, []string{}, map[string]dbus.Variant{}, usualTime)
	if call.Err != nil {
		return fmt.Errorf("notify: %w", call.Err)
	}
	return nil
}
