//go:build !windows && !darwin

package keychain

import (
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
