package keychain

import (
	"context"
	"time"
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
	return v.guard.do(ctx, "call", f)
}

var (
	Sorted = sorted
	Seal   = seal
	Encode = encode
	Decode = decode
)
