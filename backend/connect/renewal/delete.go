package renewal

import (
	"context"
	"errors"

	"bookring/backend"
)

// Revoke ends s at the revocation endpoint (RFC 7009), with every connection of s, and then
// deletes the credential. The token of an ended sign-in is not presented; only the
// credential is deleted.
func (k *Keeper) Revoke(ctx context.Context, s backend.SignIn) error {
	unlock, err := k.Lock(ctx, s.SignInKey)
	if err != nil {
		return err
	}
	defer unlock()
	if s.EndedAt.IsZero() {
		if err := k.revoke(ctx, s); err != nil {
			return err
		}
	}
	if err := k.Session.Delete(ctx, s.SignInKey); err != nil {
		return err
	}
	err = k.Keychain.Delete(ctx, s.SignInKey)
	if s.SessionOnly && backend.CodeOf(err) == backend.KeychainMissing {
		err = nil // a session-only sign-in has nothing in a missing keychain
	}
	if err != nil {
		return err
	}
	k.tokens.forget(s.SignInKey)
	k.newest.forget(s.SignInKey)
	k.unsaved.drop(s.SignInKey)
	return nil
}

// RevokeOnly ends s at the revocation endpoint, with every connection of s, and leaves the
// credential: a removal deletes all credentials afterwards.
func (k *Keeper) RevokeOnly(ctx context.Context, s backend.SignIn) error {
	unlock, err := k.Lock(ctx, s.SignInKey)
	if err != nil {
		return err
	}
	defer unlock()
	if err := ctx.Err(); err != nil {
		return cancelled(err)
	}
	longer, release := k.tasks.Extend(ctx) // a cancelling user should learn the outcome
	defer release()
	if err := k.revoke(longer, s); err != nil {
		return err
	}
	k.tokens.forget(s.SignInKey)
	k.dropUnsaved(s.SignInKey)
	return nil
}

// revoke presents the newest refresh token for the last time.
func (k *Keeper) revoke(ctx context.Context, s backend.SignIn) error {
	if r, found := k.unsaved.of(s.SignInKey); found {
		return k.presentLast(ctx, s.SignInKey, r.next.Refresh)
	}
	_, c, err := k.load(ctx, s)
	if errors.Is(err, backend.ErrNoCredential) {
		return nil // nothing is left to present
	}
	if err != nil {
		return err
	}
	return k.presentLast(ctx, s.SignInKey, c.Refresh)
}

func (k *Keeper) presentLast(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error {
	defer k.slow.await(key)()
	return k.Authoriser.Revoke(ctx, key, refresh)
}

// Delete deletes the credential of a sign-in from the keychain, while no other program
// renews the sign-in.
func (k *Keeper) Delete(ctx context.Context, key backend.SignInKey) error {
	unlock, err := k.Lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	k.newest.forget(key)
	return k.Keychain.Delete(ctx, key)
}

// Empty deletes every item of the keychain, the index last.
func (k *Keeper) Empty(ctx context.Context) error {
	k.newest.clear()
	return k.Keychain.Empty(ctx)
}

// EmptySession deletes the credentials in memory.
func (k *Keeper) EmptySession(ctx context.Context) { _ = k.Session.Empty(ctx) }
