//go:build !windows

package keychain_test

import (
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"bookring/backend"
	"bookring/backend/keychain"
)

func TestEveryErrorOfTheLibraryIsSorted(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want backend.Code
	}{
		{"too big", keyring.ErrSetDataTooBig, backend.KeychainTooBig},
		{"no keychain for this system", keyring.ErrUnsupportedPlatform, backend.KeychainMissing},

		{"macOS: over SSH, locked", exitError(t, 36), backend.KeychainLocked},
		{"macOS: wrong password", exitError(t, 51), backend.KeychainLocked},
		{"macOS: the person cancelled", exitError(t, 128), backend.KeychainDismissed},
		{"macOS: no default keychain", exitError(t, 37), backend.KeychainMissing},
		{"macOS: anything else", exitError(t, 50), backend.KeychainFailed},

		{"Windows: network logon", syscall.Errno(1312), backend.KeychainMissing},
		{"Windows: item too long", syscall.Errno(1783), backend.KeychainTooBig},
		{"Windows: not enough memory", syscall.Errno(8), backend.KeychainFailed},
		{"Windows: access denied", syscall.Errno(5), backend.KeychainFailed},

		{"Linux: no dbus-launch", &exec.Error{Name: "dbus-launch", Err: exec.ErrNotFound}, backend.KeychainMissing},
		{"Linux: dead bus", &net.OpError{Op: "dial", Net: "unix", Err: syscall.ECONNREFUSED}, backend.KeychainMissing},
		{"Linux: bus gone", dbus.ErrClosed, backend.KeychainMissing},
		{"Linux: no Secret Service", dbusError("org.freedesktop.DBus.Error.ServiceUnknown"), backend.KeychainMissing},
		{"Linux: Secret Service does not start", dbusError("org.freedesktop.DBus.Error.Spawn.ChildExited"), backend.KeychainMissing},
		{"Linux: no answer", dbusError("org.freedesktop.DBus.Error.NoReply"), backend.KeychainFailed},
		{"Linux: locked item", dbusError("org.freedesktop.Secret.Error.IsLocked"), backend.KeychainLocked},
		{"Linux: locked keyring", errors.New("failed to unlock correct collection '/org/freedesktop/secrets/collection/login'"), backend.KeychainLocked},

		{"never heard of", errors.New("a new kind of fault"), backend.KeychainFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			failsWith(t, keychain.Sorted("test", c.err), c.want)
			failsWith(t, keychain.Sorted("test", fmt.Errorf("wrapped: %w", c.err)), c.want)
		})
	}
}

func TestOnlyATrueNotFoundIsNoCredential(t *testing.T) {
	for _, err := range []error{keyring.ErrNotFound, exitError(t, 44), syscall.Errno(1168)} {
		got := keychain.Sorted("test", err)
		if _, isFailure := errors.AsType[*backend.Failure](got); isFailure || !errors.Is(got, backend.ErrNoCredential) {
			t.Errorf("%v became %v", err, got)
		}
	}
}

func TestAnUnknownFaultIsNamedForSupport(t *testing.T) {
	for want, err := range map[string]error{
		"security exit code 50":              exitError(t, 50),
		"error 8":                            syscall.Errno(8),
		"org.freedesktop.DBus.Error.NoReply": dbusError("org.freedesktop.DBus.Error.NoReply"),
	} {
		words := backend.AsFailure(keychain.Sorted("test", err)).Words()
		if !strings.Contains(words.Sentence, want) {
			t.Errorf("%q does not name %q", words.Sentence, want)
		}
	}
}

// dbusError is an error with the secret in the text.
func dbusError(name string) error {
	return dbus.Error{Name: name, Body: []any{"cannot store " + planted}}
}

func exitError(t *testing.T, code int) error {
	t.Helper()
	err := exec.CommandContext(t.Context(), "sh", "-c", fmt.Sprintf("exit %d", code)).Run()
	if _, ok := errors.AsType[*exec.ExitError](err); !ok {
		t.Fatalf("sh: %v", err)
	}
	return err
}
