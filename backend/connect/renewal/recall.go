package renewal

import (
	"context"
	"errors"

	"bookring/backend"
)

// Keys returns the sign-ins in the keychain's index, the oldest first. A damaged index
// returns the readable part and no error.
func (k *Keeper) Keys(ctx context.Context) (keys []backend.SignInKey, isDamaged bool, err error) {
	keys, err = k.Keychain.Keys(ctx)
	if damaged(err) {
		return keys, true, nil
	}
	return keys, false, err
}

// Recall reads a sign-in from the keychain's credential. Found is false for a missing
// or damaged credential. Name is empty in a credential of an older version.
func (k *Keeper) Recall(ctx context.Context, key backend.SignInKey) (s backend.SignIn, found bool, err error) {
	c, err := k.Keychain.Load(ctx, key)
	if errors.Is(err, backend.ErrNoCredential) || damaged(err) || k.onlyCopyLocked(ctx, k.Keychain, err) {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	return backend.SignIn{SignInKey: key, Name: c.Name, Email: c.Email, At: c.SavedAt}, true, nil
}

// Unlocked fails unless the keychain can answer without a prompt.
func (k *Keeper) Unlocked(ctx context.Context) error { return k.Keychain.Unlocked(ctx) }
