//go:build !windows

package keychain_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zalando/go-keyring"

	"bookring/backend/keychain"
)

// securityProgram returns a program that answers as security of macOS: three keychains,
// of which two hold an item and one has the exit code.
func securityProgram(t *testing.T, first, second, code string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "security")
	script := `#!/bin/sh
case "$1" in
list-keychains) printf '    "/Users/kim/login.keychain-db"\n    "/Volumes/gone/old.keychain"\n    "/Users/kim/backup keychain"\n' ;;
find-generic-password)
	[ "$2 $3 $4 $5 $6" = "-s service -a account -w" ] || exit 2
	case "$7" in
	*login*) ` + first + ` ;;
	*gone*) exit ` + code + ` ;;
	*"backup keychain") ` + second + ` ;;
	esac ;;
esac
`
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEveryKeychainOfTheSearchListIsRead(t *testing.T) {
	const older, newer = `echo "go-keyring-base64:b2xkZXI="`, `echo "go-keyring-base64:bmV3ZXI="`
	for name, c := range map[string]struct {
		first, second, code string
		want                []string
		locked              int
		missing             bool
	}{
		"two copies":        {older, newer, "44", []string{"older", "newer"}, 0, false},
		"one copy":          {"exit 44", newer, "44", []string{"newer"}, 0, false},
		"a missing disk":    {older, newer, "50", []string{"older", "newer"}, 0, false},
		"a locked keychain": {older, "exit 44", "51", []string{"older"}, 1, false},
		"no item":           {"exit 44", "exit 44", "44", nil, 0, true},
		"no item, no disk":  {"exit 44", "exit 44", "50", nil, 0, false},
		"a damaged item":    {"echo go-keyring-base64:?", newer, "44", []string{"", "newer"}, 0, false},
		"a text not by us":  {"echo foreign", newer, "44", []string{"foreign", "newer"}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			texts, locked, err := keychain.SearchKeychains("service", "account", securityProgram(t, c.first, c.second, c.code))
			if !slices.Equal(texts, c.want) || locked != c.locked || errors.Is(err, keyring.ErrNotFound) != c.missing {
				t.Errorf("%q, %d locked, %v", texts, locked, err)
			}
			if len(c.want) == 0 && err == nil {
				t.Error("no item and no error")
			}
		})
	}
}
