package keychain

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"bookring/backend"
)

// Load returns the newest readable copy of a sign-in's credential, and fails as
// [Vault.Copies], but asks the user to unlock a locked copy only without a readable copy.
// The token of a rival copy, which can be the living token too, becomes the previous token.
func (v *Vault) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	copies, err := v.read(ctx, key, func(readable []backend.Credential) bool { return len(readable) == 0 })
	if len(copies) == 0 {
		return backend.Credential{}, err
	}
	c := copies[0]
	for _, other := range copies[1:] {
		if rival(c, other) {
			c.Previous = other.Refresh
			break
		}
	}
	return c, nil
}

// Copies returns every whole copy of a sign-in's credential, the newest first: the
// highest generation, then the latest save. A whole copy has a valid checksum and the
// sign-in's key. A damaged copy counts only without a whole copy, as KeychainDamaged.
// Without any copy, Copies fails with [backend.ErrNoCredential].
//
// Copies asks the user to unlock the copies in a locked collection: once in the life of the
// Vault, or every time without a readable copy. If a copy stays locked, Copies returns the
// readable copies together with KeychainLocked.
func (v *Vault) Copies(ctx context.Context, key backend.SignInKey) ([]backend.Credential, error) {
	return v.read(ctx, key, func(readable []backend.Credential) bool {
		again := v.asked
		v.asked = true
		return !again || len(readable) == 0
	})
}

// read reads the copies of a credential. Prompt decides about a prompt for locked copies.
func (v *Vault) read(ctx context.Context, key backend.SignInKey, prompt func(readable []backend.Credential) bool) ([]backend.Credential, error) {
	account, err := accountOf(key)
	if err != nil {
		return nil, err
	}
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()

	const doing = "read the credential"
	found, err := v.find(ctx, doing, account)
	if err != nil {
		return nil, err
	}
	copies := whole(found, key)
	if len(found.locked) > 0 && prompt(copies) {
		if found, err = v.unlock(ctx, doing, found); err != nil {
			return copies, err
		}
		copies = whole(found, key)
	}
	switch {
	case found.failed != nil:
		return copies, found.failed
	case len(found.locked) > 0:
		return copies, backend.Fail(backend.KeychainLocked, "", fmt.Errorf("%s: a copy is locked", doing))
	case len(copies) > 0:
		return copies, nil
	case len(found.read) > 0:
		return nil, damaged(doing, errNotWhole)
	}
	return nil, fmt.Errorf("%s: %w", doing, backend.ErrNoCredential)
}

// whole returns the whole copies of a sign-in's credential, the newest first.
func whole(found items, key backend.SignInKey) (copies []backend.Credential) {
	for _, one := range found.read {
		if c, err := decode(one.text); err == nil && c.SignInKey == key {
			copies = append(copies, c)
		}
	}
	slices.SortStableFunc(copies, newestFirst)
	return slices.CompactFunc(copies, func(a, b backend.Credential) bool {
		return newestFirst(a, b) == 0 && a.Refresh.Equal(b.Refresh)
	})
}

// newestFirst orders copies. Among equal copies the presented copy knows more.
func newestFirst(a, b backend.Credential) int {
	return cmp.Or(cmp.Compare(b.Generation, a.Generation), b.SavedAt.Compare(a.SavedAt), b.PresentedAt.Compare(a.PresentedAt))
}

// rival reports a copy that is not older than the newest copy c: two computers with one
// keychain file have both renewed, or an older version of Bookring counted a new
// consent from 1.
func rival(c, other backend.Credential) bool {
	older := other.Generation < c.Generation && !other.SavedAt.After(c.SavedAt)
	return !older && !other.Refresh.Equal(c.Refresh)
}

// superseded reports whether a text is a whole copy of an older generation than c.
func superseded(text string, c backend.Credential) bool {
	older, err := decode(text)
	return err == nil && older.SignInKey == c.SignInKey && older.Generation < c.Generation
}
