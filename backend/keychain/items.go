package keychain

import (
	"context"
	"errors"

	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// item is an item of the keychain with the names of an account. A keychain can hold
// several: a restored backup, or a second collection. The place is the system's name
// of the item.
type item struct{ place, text string }

// items are all items of one account.
type items struct {
	read []item
	// locked are the places of items in another collection than the collection of
	// the writes. Reading a locked item can show a prompt.
	locked []string
	// failed is the failure to read one of the items, or nil.
	failed error
}

func (i items) empty() bool { return len(i.read) == 0 && len(i.locked) == 0 && i.failed == nil }

// has reports an item with a text.
func (i items) has(text string) bool {
	for _, one := range i.read {
		if one.text == text {
			return true
		}
	}
	return false
}

// find reads all items of an account. A keychain that is still starting can report
// an existing item as missing, so find asks for a missing item twice.
func (v *Vault) find(ctx context.Context, doing, account string) (items, error) {
	var found items
	for try := 1; found.empty(); try++ {
		var err error
		found, err = ask(ctx, v, doing, func() (items, error) { return findItems(v.service, account) })
		missing := errors.Is(err, backend.ErrNoCredential)
		if err != nil && !missing {
			return found, err
		}
		if try == 2 {
			break
		}
	}
	found.failed = sorted(doing, found.failed)
	return found, nil
}

// unlock asks the user to unlock the locked items, and reads the unlocked items. A
// refused prompt is no failure.
func (v *Vault) unlock(ctx context.Context, doing string, found items) (items, error) {
	opened, err := ask(ctx, v, doing+": unlock", func() (items, error) { return unlockItems(found.locked) })
	if err != nil {
		return found, err
	}
	found.read, found.locked = append(found.read, opened.read...), opened.locked
	return found, nil
}

// put writes an item, reads all items of the account back and compares. Found are the
// items after the write.
func (v *Vault) put(ctx context.Context, doing, account, text string) (found items, err error) {
	if err := v.fits(doing, account, text); err != nil {
		return found, err
	}
	_, err = ask(ctx, v, doing, func() (string, error) {
		return "", keyring.Set(v.service, account, text)
	})
	if err != nil {
		return found, err
	}
	found, err = v.find(ctx, doing+": read the item back", account)
	switch {
	case err != nil, found.has(text):
		return found, err
	case found.failed != nil:
		return found, found.failed
	case len(found.read) == 0:
		return found, dismissed(doing, "no item")
	}
	for _, one := range found.read {
		if unseal(one.text, nil) == nil {
			return found, dismissed(doing, "the earlier item")
		}
	}
	return found, damaged(doing, errors.New("read back something else"))
}

// clean deletes the items that another item has replaced, without a prompt. A failure
// leaves an item for the next time.
func (v *Vault) clean(ctx context.Context, account string, found items, replaced func(text string) bool) {
	for _, one := range found.read {
		if !replaced(one.text) {
			continue
		}
		_, err := ask(ctx, v, "delete an older copy", func() (string, error) {
			return "", eraseItem(v.service, account, one.place, false)
		})
		if err != nil {
			return
		}
	}
}

// ask makes one guarded call of the keychain.
func ask[T any](ctx context.Context, v *Vault, doing string, f func() (T, error)) (T, error) {
	return do(ctx, &v.guard, doing, func() (T, error) {
		var none T
		if err := reachable(); err != nil {
			return none, err
		}
		result, err := f()
		return result, explained(err)
	})
}
