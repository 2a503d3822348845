//go:build !windows && !darwin

package keychain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"
)

// errNoBus is a computer without a session bus.
var errNoBus = errors.New("no session bus")

// reachable fails if there is no session bus to connect to. Without an
// address the library would start a bus of its own, which would outlive the
// program and on which nothing would ever be kept.
func reachable() error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return fmt.Errorf("%w: %w", errNoBus, err)
	}
	return conn.Close()
}

// explained tells a locked keyring from one that was never made. The library
// says of both that it could not unlock the default one; only the first can
// be helped by unlocking.
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
