package keychain

import (
	"context"
	"time"

	"bookring/backend"
)

// Shorten replaces the time limits of a Vault.
func (v *Vault) Shorten(quick, patience time.Duration) {
	v.guard.quick, v.Patience = quick, patience
}

// Guarded makes one guarded call as the methods of Vault do.
func (v *Vault) Guarded(ctx context.Context, f func() (string, error)) (string, error) {
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return do(ctx, &v.guard, "call", f)
}

var (
	Sorted = sorted
	Seal   = seal
	Decode = decode
)

// Encode encodes for the shortest limit of the systems.
func Encode(c backend.Credential) (string, error) { return encode(c, windowsBlob) }

// SearchKeychains returns the texts, and the number of locked keychains.
func SearchKeychains(service, account, program string) (texts []string, locked int, err error) {
	found, err := searchKeychains(service, account, program)
	for _, one := range found.read {
		texts = append(texts, one.text)
	}
	return texts, len(found.locked), err
}
