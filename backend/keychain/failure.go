package keychain

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// errNoKeyring reports a Secret Service without a default keyring.
var errNoKeyring = errors.New("there is no default keyring")

// sorted returns a [backend.Failure] for an error of the library, or
// [backend.ErrNoCredential] if the keychain answered that the item does not exist.
// No other error may become ErrNoCredential, because ErrNoCredential ends a sign-in.
func sorted(doing string, err error) error {
	if err == nil {
		return nil
	}
	code, detail := sortOf(err)
	if code == notThere {
		return fmt.Errorf("%s: %w", doing, backend.ErrNoCredential)
	}
	return backend.Fail(code, detail, fmt.Errorf("%s: %w", doing, withoutBody(err)))
}

// notThere is the result of sortOf for a missing item, and no failure code.
const notThere backend.Code = ""

func sortOf(err error) (code backend.Code, detail string) {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return sortMacOS(exit.ExitCode())
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return backend.KeychainMissing, ""
	}
	if e, ok := errors.AsType[dbus.Error](err); ok {
		return sortSecretService(e.Name)
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return sortWindows(errno)
	}
	if _, ok := errors.AsType[*exec.Error](err); ok {
		return backend.KeychainMissing, ""
	}
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return notThere, ""
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return backend.KeychainTooBig, ""
	case errors.Is(err, keyring.ErrUnsupportedPlatform), errors.Is(err, errNoBus),
		errors.Is(err, errNoKeyring), errors.Is(err, fs.ErrNotExist), errors.Is(err, dbus.ErrClosed):
		return backend.KeychainMissing, ""
	case strings.Contains(err.Error(), "failed to unlock correct collection"):
		return backend.KeychainLocked, ""
	case errors.Is(err, errMalformed):
		return backend.KeychainFailed, backend.Say.Keychain.Malformed
	}
	return backend.KeychainFailed, backend.Say.Keychain.Unknown
}

// sortMacOS sorts the exit codes of /usr/bin/security, the low eight bits of an
// OSStatus (SecBase.h).
func sortMacOS(exitCode int) (backend.Code, string) {
	switch exitCode {
	case 44: // errSecItemNotFound, -25300
		return notThere, ""
	case 36, 51: // errSecInteractionNotAllowed, -25308; errSecAuthFailed, -25293
		return backend.KeychainLocked, ""
	case 128: // errSecUserCanceled, -128
		return backend.KeychainDismissed, ""
	case 37: // errSecNoDefaultKeychain, -25307
		return backend.KeychainMissing, ""
	}
	return backend.KeychainFailed, backend.Say.Keychain.MacOS.With(strconv.Itoa(exitCode))
}

// sortWindows sorts the error codes of CredWrite, CredRead and CredDelete
// (wincred.h, winerror.h).
func sortWindows(errno syscall.Errno) (backend.Code, string) {
	switch errno {
	case 1168: // ERROR_NOT_FOUND
		return notThere, ""
	case 1312: // ERROR_NO_SUCH_LOGON_SESSION: network logons have no credentials
		return backend.KeychainMissing, ""
	case 1783: // RPC_X_BAD_STUB_DATA: the item is too long
		return backend.KeychainTooBig, ""
	}
	return backend.KeychainFailed, backend.Say.Keychain.Windows.With(strconv.FormatUint(uint64(errno), 10))
}

// sortSecretService sorts the names of D-Bus errors (D-Bus specification) and
// of the Secret Service API, draft 0.2.
func sortSecretService(name string) (backend.Code, string) {
	const bus = "org.freedesktop.DBus.Error."
	switch {
	case name == bus+"ServiceUnknown", name == bus+"NameHasNoOwner", strings.HasPrefix(name, bus+"Spawn."):
		return backend.KeychainMissing, ""
	case name == "org.freedesktop.Secret.Error.IsLocked":
		return backend.KeychainLocked, ""
	}
	return backend.KeychainFailed, backend.PlainText(name)
}

// withoutBody reduces a D-Bus error to the error name. The body is text from the
// keychain, and the log must not hold such text.
func withoutBody(err error) error {
	if e, ok := errors.AsType[dbus.Error](err); ok {
		return errors.New(e.Name)
	}
	return err
}

// errNotWhole reports items of a sign-in without a whole copy of the credential.
var errNotWhole = errors.New("no item is a whole record of the sign-in")

func damaged(doing string, err error) error {
	return backend.Fail(backend.KeychainDamaged, "", fmt.Errorf("%s: %w", doing, err))
}

// dismissed reports a call without an effect, although the keychain answered
// success: the usual result of a dismissed prompt.
func dismissed(doing, found string) error {
	return backend.Fail(backend.KeychainDismissed, "", fmt.Errorf("%s: success reported, but found %s", doing, found))
}

// refused reports a credential or key that must not be saved, before any call.
func refused(why string) error {
	return backend.Fail(backend.KeychainFailed, why, nil)
}
