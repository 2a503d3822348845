package keychain

import (
	"context"
	"errors"
	"slices"

	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// Delete deletes the credential of a sign-in and then the index entry. After nil
// the keychain has confirmed that both are gone. Deleting a missing credential is
// no failure. An interrupted Delete leaves an index entry without a credential;
// the caller can repeat the call.
func (v *Vault) Delete(ctx context.Context, key backend.SignInKey) error {
	account, err := accountOf(key)
	if err != nil {
		return err
	}
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	if err := v.remove(ctx, "delete the credential", account); err != nil {
		return err
	}
	return v.delist(ctx, account)
}

// Empty deletes all items of the Vault's service name, including credentials
// outside the index, damaged parts of the index, and the canary. The caller must
// not use the Vault afterwards.
func (v *Vault) Empty(ctx context.Context) error {
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	const doing = "delete everything"
	_, err = v.call(ctx, doing, func() (string, error) {
		return "", keyring.DeleteAll(v.service)
	})
	if err != nil && !errors.Is(err, backend.ErrNoCredential) {
		return err
	}
	v.enlisted = nil
	_, err = v.get(ctx, doing+": look for the index", partName(0))
	switch {
	case errors.Is(err, backend.ErrNoCredential):
		return nil
	case err != nil:
		return err
	}
	return dismissed(doing, "the index")
}

// remove deletes an item and looks for the item afterwards. A keychain that is
// still starting can report an existing item as missing, so remove tries twice.
func (v *Vault) remove(ctx context.Context, doing, account string) error {
	for try := 1; ; try++ {
		_, err := v.call(ctx, doing, func() (string, error) {
			return "", keyring.Delete(v.service, account)
		})
		overlooked := errors.Is(err, backend.ErrNoCredential)
		if err != nil && !overlooked {
			return err
		}
		_, err = v.get(ctx, doing+": look for the item", account)
		switch {
		case errors.Is(err, backend.ErrNoCredential):
			return nil
		case err != nil:
			return err
		case overlooked && try == 1:
			continue
		}
		return dismissed(doing, "the item")
	}
}

// delist removes an account from the index, and deletes empty parts at the end of
// the index. Other empty parts remain, because readIndex stops at the first
// missing part.
func (v *Vault) delist(ctx context.Context, account string) error {
	parts, err := v.readIndex(ctx)
	if err != nil {
		return err
	}
	for i, p := range parts {
		if p == nil || !slices.Contains(p.Accounts, account) {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(p.Accounts), func(a string) bool { return a == account })
		parts[i] = &part{V: recordVersion, Accounts: left}
		if err := v.put(ctx, "write the index", partName(i), seal(parts[i])); err != nil {
			return err
		}
	}
	v.enlisted = slices.DeleteFunc(v.enlisted, func(a string) bool { return a == account })
	for i, p := range slices.Backward(parts) {
		if p == nil || len(p.Accounts) > 0 {
			break
		}
		if err := v.remove(ctx, "delete an empty part of the index", partName(i)); err != nil {
			return err
		}
	}
	return nil
}
