//go:build !windows && !darwin

package keychain

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"
)

// errNoBus reports a computer without a session bus.
var errNoBus = errors.New("no session bus")

// reachable fails with errNoBus if there is no session bus. Without the address of
// a bus the library would start a new bus. The new bus would outlive the program
// and have no Secret Service.
func reachable() error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return fmt.Errorf("%w: %w", errNoBus, err)
	}
	return conn.Close()
}

// serviceOnBus returns the unique name of the running Secret Service, or "" without a running
// service. Known is false without an answer of the bus.
func serviceOnBus() (name string, known bool) {
	ctx, cancel := context.WithTimeout(context.Background(), pulse)
	defer cancel()
	// A separate connection: the library takes any signal of the shared connection for the
	// prompt's answer.
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return "", false
	}
	defer func() { _ = conn.Close() }()
	if conn.Auth(nil) != nil || conn.Hello() != nil {
		return "", false
	}
	err = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, "org.freedesktop.secrets").Store(&name)
	if refused, ok := errors.AsType[dbus.Error](err); ok && refused.Name == "org.freedesktop.DBus.Error.NameHasNoOwner" {
		return "", true
	}
	return name, err == nil
}

// abandonCalls ends every call of the library: it waits for the prompt's answer on the shared
// connection. The next call connects again.
func abandonCalls() {
	if conn, err := dbus.SessionBus(); err == nil {
		_ = conn.Close()
	}
}

// explained distinguishes a missing default keyring (errNoKeyring) from a locked
// default keyring. The library returns the same error for both, and unlocking
// helps only a locked keyring.
func explained(err error) error {
	if err == nil || !strings.Contains(err.Error(), "/aliases/default") {
		return err
	}
	conn, busErr := dbus.SessionBus()
	if busErr != nil {
		return err
	}
	var collection dbus.ObjectPath
	service := conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	call := service.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default")
	if call.Store(&collection) == nil && collection == "/" {
		return fmt.Errorf("%w: %w", errNoKeyring, err)
	}
	return err
}
