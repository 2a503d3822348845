package keychain

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"os/exec"
	"strings"

	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// searchKeychains reads the items of an account in every keychain of the search list of
// macOS, by the program security at a path (security(1)). The library reads the first
// item only. A keychain without an answer matters only if no other holds an item.
func searchKeychains(service, account, program string) (found items, err error) {
	list, err := exec.Command(program, "list-keychains").Output() //nolint:noctx // a fixed path; the guard limits the time
	if err != nil {
		return found, err
	}
	var failed error
	for line := range strings.Lines(string(list)) {
		place := strings.Trim(strings.TrimSpace(line), `"`)
		if place == "" {
			continue
		}
		out, err := exec.Command(program, "find-generic-password", "-s", service, "-a", account, "-w", place).Output() //nolint:gosec,noctx // as above
		if err == nil {
			text, err := plain(strings.TrimSpace(string(out)))
			if err != nil {
				text = "" // a damaged item
			}
			found.read = append(found.read, item{place, text})
			continue
		}
		switch code, _ := sortOf(err); code {
		case notThere:
		case backend.KeychainLocked, backend.KeychainDismissed:
			found.locked = append(found.locked, place)
		default: // for example a keychain of the list on a missing disk
			failed = err
		}
	}
	if found.empty() {
		return found, cmp.Or(failed, keyring.ErrNotFound)
	}
	return found, nil
}

// plain decodes an item of the library.
func plain(text string) (string, error) {
	if encoded, ok := strings.CutPrefix(text, "go-keyring-base64:"); ok {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		return string(decoded), err
	}
	if encoded, ok := strings.CutPrefix(text, "go-keyring-encoded:"); ok {
		decoded, err := hex.DecodeString(encoded)
		return string(decoded), err
	}
	return text, nil
}
