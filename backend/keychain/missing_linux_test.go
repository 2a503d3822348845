package keychain_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"bookring/backend"
)

func TestABusWithoutASecretServiceIsAMissingKeychain(t *testing.T) {
	if !inChild(t) {
		runAgain(t, "DBUS_SESSION_BUS_ADDRESS="+startBus(t))
		return
	}
	nothingWorks(backend.KeychainMissing)(t, newVault())
}

func TestAnAddressWithoutABusIsAMissingKeychain(t *testing.T) {
	if !inChild(t) {
		runAgain(t, "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(shortDir(t), "gone"))
		return
	}
	nothingWorks(backend.KeychainMissing)(t, newVault())
}

func TestWithoutASessionBusNoBusIsStarted(t *testing.T) {
	if !inChild(t) {
		for _, name := range []string{"bus", "dbus-session"} {
			if _, err := os.Stat(fmt.Sprintf("/run/user/%d/%s", os.Getuid(), name)); err == nil {
				t.Skip("this computer has a session bus at a fixed place, which cannot be taken away for a test")
			}
		}
		dir := shortDir(t)
		launched := filepath.Join(dir, "launched")
		script := "#!/bin/sh\n: > '" + launched + "'\necho DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere\n"
		if err := os.WriteFile(filepath.Join(dir, "dbus-launch"), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"", "autolaunch:"} {
			runAgain(t, "DBUS_SESSION_BUS_ADDRESS="+address, "PATH="+dir)
		}
		if _, err := os.Stat(launched); err == nil {
			t.Error("dbus-launch was run")
		}
		return
	}
	nothingWorks(backend.KeychainMissing)(t, newVault())
}
