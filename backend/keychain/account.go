package keychain

import (
	"fmt"
	"net/url"
	"strings"

	"bookring/backend"
)

// maxAccount is the maximum length of an account, in bytes. On macOS a longer account
// leaves less room for the item (size.go).
const maxAccount = 500

// accountOf returns the account of a sign-in's item: "issuer|client ID|user ID".
// Separators and characters with a meaning on a command line are percent-encoded
// (RFC 3986 section 2.1).
func accountOf(k backend.SignInKey) (string, error) {
	if err := complete(k); err != nil {
		return "", err
	}
	fields := []string{k.Issuer, k.ClientID, k.UserID}
	for i, f := range fields {
		fields[i] = strings.ReplaceAll(url.PathEscape(f), "%2F", "/")
	}
	account := strings.Join(fields, "|")
	if len(account) > maxAccount {
		return "", backend.Fail(backend.KeychainTooBig, "", fmt.Errorf("an account of %d bytes", len(account)))
	}
	return account, nil
}

// complete fails with KeychainFailed if a part of the key is missing.
func complete(k backend.SignInKey) error {
	if k.Issuer == "" || k.ClientID == "" || k.UserID == "" {
		return refused(backend.Say.Keychain.IncompleteKey)
	}
	return nil
}

// keyOf is the inverse of accountOf.
func keyOf(account string) (backend.SignInKey, error) {
	fields := strings.Split(account, "|")
	if len(fields) != 3 {
		return backend.SignInKey{}, fmt.Errorf("an account of %d fields", len(fields))
	}
	for i, f := range fields {
		plain, err := url.PathUnescape(f)
		if err != nil {
			return backend.SignInKey{}, fmt.Errorf("read an account: %w", err)
		}
		fields[i] = plain
	}
	return backend.SignInKey{Issuer: fields[0], ClientID: fields[1], UserID: fields[2]}, nil
}
