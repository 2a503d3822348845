package keychain

import (
	"cmp"
	"context"
	"fmt"
	"runtime"

	"bookring/backend"
)

const (
	// windowsBlob is CRED_MAX_CREDENTIAL_BLOB_SIZE (wincred.h), in bytes. The library
	// writes a text as UTF-8.
	windowsBlob = 5 * 512
	// macLine is the maximum length of a command of security -i, in bytes (MAX_LINE_LEN,
	// less the terminating zero).
	macLine = 4096 - 1
	// otherItem is the length that every Secret Service holds: a token response of the
	// maximum length.
	otherItem = 64 << 10
	// canarySize is the length of a credential with two tokens of 700 bytes.
	canarySize = 2000
	// maxPart is the maximum length of a part of the index, which fits every system.
	maxPart = 2000
)

// limit returns the maximum length of an account's item, in bytes.
func (v *Vault) limit(account string) int {
	switch cmp.Or(v.System, runtime.GOOS) {
	case "windows":
		return windowsBlob
	case "darwin": // the command line holds the item in base64
		command := fmt.Sprintf("add-generic-password -U -s '%s' -a '%s' -w go-keyring-base64:\n", v.service, account)
		return (macLine - len(command)) / 4 * 3
	}
	return otherItem
}

// fits fails with KeychainTooBig for a text longer than the limit. On macOS the
// library's own size check leaks a process and a pipe.
func (v *Vault) fits(doing, account, text string) error {
	if len(text) > v.limit(account) {
		return backend.Fail(backend.KeychainTooBig, "", fmt.Errorf("%s: %d bytes", doing, len(text)))
	}
	return nil
}

// Fits fails with KeychainTooBig unless the keychain can hold a credential with a
// refresh token longer by a number of bytes, at least without the dispensable parts of
// [Vault.Save]. Fits makes no call of the keychain.
func (v *Vault) Fits(_ context.Context, c backend.Credential, longer int) error {
	account, err := accountOf(c.SignInKey)
	if err != nil {
		return err
	}
	text, err := encode(c, v.limit(account)-longer)
	if err != nil {
		return err
	}
	return v.fits("measure a credential", account, text+filler(longer))
}
