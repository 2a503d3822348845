package keychain

import (
	"errors"
	"os/exec"

	"github.com/zalando/go-keyring"
)

const securityProgram = "/usr/bin/security"

// findItems reads the items of an account in every keychain of the search list.
func findItems(service, account string) (items, error) {
	return searchKeychains(service, account, securityProgram)
}

// findAll returns no items: DeleteAll reaches every keychain of the search list.
func findAll(string) (items, error) { return items{}, nil }

// unlockItems unlocks nothing: macOS has shown the prompt during the reading.
func unlockItems(places []string) (items, error) { return items{locked: places}, nil }

func eraseItem(service, account, place string, _ bool) error {
	if place == "" {
		return keyring.Delete(service, account)
	}
	err := exec.Command(securityProgram, "delete-generic-password", "-s", service, "-a", account, place).Run() //nolint:gosec,noctx // a fixed path; the guard limits the time
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 44 {
		return keyring.ErrNotFound
	}
	return err
}
