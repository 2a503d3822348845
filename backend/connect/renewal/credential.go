package renewal

import (
	"context"
	"errors"

	"bookring/backend"
)

// load returns the credential of a sign-in and the vault of the credential. The
// credential of a session-only sign-in can also be in the keychain, from an earlier
// sign-in; the earlier credential is as good.
func (k *Keeper) load(ctx context.Context, s backend.SignIn) (vault, backend.Credential, error) {
	if s.SessionOnly {
		c, err := k.Session.Load(ctx, s.SignInKey)
		if !errors.Is(err, backend.ErrNoCredential) {
			return k.Session, c, err
		}
	}
	c, err := k.loadTwice(ctx, k.Keychain, s.SignInKey)
	if damaged(err) {
		err = errors.Join(backend.ErrCredentialDamaged, err)
	}
	if err == nil {
		c = k.newer(c)
	}
	return k.Keychain, c, err
}

// newer returns c, or the credential in memory if c is older: a backup of the keychain was
// restored. The next presentation writes the newer credential into the keychain.
func (k *Keeper) newer(c backend.Credential) backend.Credential {
	picked, older := k.newest.pick(c)
	if older {
		k.log.Info("keychain older than memory", "signin", k.name(c.SignInKey), "generation", picked.Generation)
	}
	return picked
}

// loadTwice loads a damaged credential again, because a store can misread once.
func (k *Keeper) loadTwice(ctx context.Context, vault vault, key backend.SignInKey) (backend.Credential, error) {
	c, err := vault.Load(ctx, key)
	if !damaged(err) {
		return c, err
	}
	if err := k.clock.Pause(ctx, presentPause); err != nil {
		return c, cancelled(err)
	}
	return vault.Load(ctx, key)
}

// damaged reports a credential changed since the save.
func damaged(err error) bool { return backend.CodeOf(err) == backend.KeychainDamaged }

// Resume reads the credential of s at program start and reports an interrupted
// renewal, to be repeated within the grace period. Fails as the keychain does, and
// with [backend.ErrNoCredential].
func (k *Keeper) Resume(ctx context.Context, s backend.SignIn) (interrupted bool, err error) {
	_, c, err := k.load(ctx, s)
	if err != nil {
		return false, err
	}
	if s.RenewedAt.IsZero() && !c.SavedAt.IsZero() {
		k.recordRenewal(ctx, c) // the register is older than the recording of renewals
	}
	if c.PresentedAt.IsZero() {
		return false, nil
	}
	k.doubt.presented(s.SignInKey, c.PresentedAt)
	return true, nil
}
