package keychain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// Delete removes the credential of a sign-in, and then its name from the index;
// when it returns nil, the keychain has answered that neither is there. One
// that was never saved is removed already. Cut off in between, it leaves a name
// without a credential, and can be called again.
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

// Empty removes all that there is under the Vault's service name: credentials
// that no index lists, damaged parts of the index and a canary that was left,
// too. It is the end of the Vault's use.
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
	return backend.Fail(backend.KeychainDismissed, "", fmt.Errorf("%s: reported as done, but the index is there", doing))
}

// remove deletes an item and looks whether it is gone. A store that is just
// starting can overlook what it is to delete, and then is asked once more.
func (v *Vault) remove(ctx context.Context, doing, account string) error {
	for try := 1; ; try++ {
		_, err := v.call(ctx, doing, func() (string, error) {
			return "", keyring.Delete(v.service, account)
		})
		overlooked := errors.Is(err, backend.ErrNoCredential)
		if err != nil && !overlooked {
			return err
		}
		_, err = v.get(ctx, doing+": look for it", account)
		switch {
		case errors.Is(err, backend.ErrNoCredential):
			return nil
		case err != nil:
			return err
		case overlooked && try == 1:
			continue
		}
		return backend.Fail(backend.KeychainDismissed, "", fmt.Errorf("%s: reported as done, but it is there", doing))
	}
}

// delist takes an account out of the index, and empty parts off its end. The
// parts before them stay, however empty: the index is read up to the first that
// is not there.
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
