package keychain

import (
	"context"
	"errors"
	"slices"

	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// Delete deletes every copy of the credential of a sign-in and then the index entry.
// After nil the keychain has confirmed that both are gone, except a copy in another
// collection that the user does not unlock. Deleting a missing credential is
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

// Empty deletes all items of the Vault's service name in every collection, including
// credentials outside the index, damaged parts of the index, and the canary. The caller must
// not use the Vault afterwards.
func (v *Vault) Empty(ctx context.Context) error {
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	const doing = "delete everything"
	_, err = ask(ctx, v, doing, func() (string, error) {
		return "", keyring.DeleteAll(v.service)
	})
	if err != nil && !errors.Is(err, backend.ErrNoCredential) {
		return err
	}
	v.enlisted = nil
	all := func() (items, error) {
		return ask(ctx, v, doing+": look for more", func() (items, error) { return findAll(v.service) })
	}
	found, err := all()
	if err != nil {
		return err
	}
	left, err := v.erase(ctx, doing, "", found, all)
	if err != nil {
		return err
	}
	if len(left.locked) > 0 {
		return backend.Fail(backend.KeychainLocked, "", errors.New(doing+": an item is locked"))
	}
	return v.remove(ctx, doing, partName(0))
}

// remove deletes every item of an account, also in other collections, and looks for
// items afterwards. An item in a collection that the user does not unlock stays. The user
// is asked once in the life of the Vault: a removal of many sign-ins is one decision.
func (v *Vault) remove(ctx context.Context, doing, account string) error {
	found, err := v.find(ctx, doing, account)
	if err != nil {
		return err
	}
	if v.asked {
		found.locked = nil
	}
	v.asked = v.asked || len(found.locked) > 0
	_, err = v.erase(ctx, doing, account, found, func() (items, error) {
		return v.find(ctx, doing+": look for the item", account)
	})
	return err
}

// erase deletes items, and asks the user to unlock locked items. Again looks for
// remaining items. Left are the items that stay locked.
func (v *Vault) erase(ctx context.Context, doing, account string, found items, again func() (items, error)) (left items, err error) {
	if found.empty() {
		return left, nil
	}
	if len(found.locked) > 0 {
		if found, err = v.unlock(ctx, doing, found); err != nil {
			return left, err
		}
	}
	for _, one := range found.read {
		_, err := ask(ctx, v, doing, func() (string, error) {
			return "", eraseItem(v.service, account, one.place, true)
		})
		if err != nil && !errors.Is(err, backend.ErrNoCredential) {
			return left, err
		}
	}
	left, err = again()
	switch {
	case err != nil:
		return left, err
	case left.failed != nil:
		return left, left.failed
	case len(left.read) > 0:
		return left, dismissed(doing, "the item")
	}
	return left, nil
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
		if err := v.putPart(ctx, i, parts[i]); err != nil {
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
