package desktop

import (
	"context"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// notify calls the desktop's notification service (freedesktop.org, Desktop
// Notifications Specification 1.2). Wails' own call starts a session bus if none
// is running, creates a folder in the user's configuration, and waits without
// limit.
func notify(ctx, _ context.Context, title, text string) error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("connect to session bus: %w", err)
	}
	defer func() { _ = conn.Close() }() // no answer is pending
	if err := conn.Auth(nil); err != nil {
		return fmt.Errorf("authenticate at session bus: %w", err)
	}
	if err := conn.Hello(); err != nil {
		return fmt.Errorf("register at session bus: %w", err)
	}
	service := conn.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
	const replaces, defaultExpiry = uint32(0), int32(-1)
	call := service.CallWithContext(ctx, "org.freedesktop.Notifications.Notify", 0,
		"Bookring", replaces, "", title, text, []string{}, map[string]dbus.Variant{}, defaultExpiry)
	if call.Err != nil {
		return fmt.Errorf("notify: %w", call.Err)
	}
	return nil
}
