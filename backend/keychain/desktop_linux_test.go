package keychain_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// desktop is the home folder and the bus of a user with GNOME Keyring.
type desktop struct{ home, bus string }

func (d desktop) env() []string {
	return []string{
		"DBUS_SESSION_BUS_ADDRESS=" + d.bus,
		"HOME=" + d.home,
		"XDG_DATA_HOME=" + filepath.Join(d.home, "data"),
		"XDG_RUNTIME_DIR=" + filepath.Join(d.home, "run"),
		"DISPLAY=", "WAYLAND_DISPLAY=",
	}
}

func newDesktop(t *testing.T) desktop {
	t.Helper()
	need(t, "dbus-daemon", "gnome-keyring-daemon")
	d := desktop{home: shortDir(t), bus: startBus(t)}
	for _, dir := range []string{"data/keyrings", "run"} {
		if err := os.MkdirAll(filepath.Join(d.home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// startKeyring starts a real gnome-keyring on the desktop's bus and waits for the
// service. An empty password leaves the keyring locked. The returned function
// ends the keyring.
func (d desktop) startKeyring(t *testing.T, password string) (end func()) {
	t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if password != "" {
		args = append(args, "--unlock")
	}
	daemon := exec.CommandContext(t.Context(), "gnome-keyring-daemon", args...)
	daemon.Env = append(os.Environ(), d.env()...)
	daemon.Stdin = strings.NewReader(password)
	owned := awaitService(t, d.bus)
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = daemon.Wait() // Ended by the kill below.
	}()
	end = func() {
		_ = daemon.Process.Kill()
		<-ended
	}
	t.Cleanup(end)
	owned()
	return end
}

// awaitService watches the bus. The returned function waits for a Secret Service on
// the bus.
func awaitService(t *testing.T, bus string) (owned func()) {
	t.Helper()
	conn := connect(t, bus)
	changes := make(chan *dbus.Signal, 10)
	conn.Signal(changes)
	err := conn.AddMatchSignal(
		dbus.WithMatchInterface("org.freedesktop.DBus"),
		dbus.WithMatchMember("NameOwnerChanged"),
		dbus.WithMatchArg(0, "org.freedesktop.secrets"),
	)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		limit := time.After(soon)
		for {
			select {
			case s := <-changes:
				if s.Name == "org.freedesktop.DBus.NameOwnerChanged" && s.Body[2] != "" {
					return
				}
			case <-limit:
				t.Fatal("the keyring did not start")
			}
		}
	}
}

func connect(t *testing.T, bus string) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(bus)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
