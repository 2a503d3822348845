package renewal

import (
	"context"
	"errors"

	"bookring/backend"
)

// UseSession puts the credentials of later sign-ins into Session.
func (k *Keeper) UseSession() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sessionOnly = true
}

// SessionOnly reports an earlier call of UseSession.
func (k *Keeper) SessionOnly() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sessionOnly
}

// Probe tests the vault of the next sign-in with a canary, so that no consent is
// spent on a store unable to hold the credential.
func (k *Keeper) Probe(ctx context.Context) error {
	vault, _ := k.vault()
	return vault.Probe(ctx)
}

// vault returns the vault of the next sign-in, and whether the vault is Session.
func (k *Keeper) vault() (v vault, sessionOnly bool) {
	if k.SessionOnly() {
		return k.Session, true
	}
	return k.Keychain, false
}

// Adopt saves the refresh token of a new grant and then allows the use of the access
// token. A damaged credential is replaced: its token is lost, and the grant is newer.
// SessionOnly reports a credential in memory only. Fails with KeychainTooBig, before any
// write, if the vault has no room for the successor.
//
// The generation of a grant is at least the number of seconds since 1970, by Xero's clock. A
// missing credential of an earlier grant can return beside the new one, and must be the older
// one: no sign-in is renewed once a second.
func (k *Keeper) Adopt(ctx context.Context, g backend.Grant) (sessionOnly bool, err error) {
	vault, sessionOnly := k.vault() // one look: the row and the credential must agree
	key := g.SignIn.SignInKey
	unlock, err := k.Lock(ctx, key) // a renewal must not write an older token over the grant
	if err != nil {
		return sessionOnly, err
	}
	defer unlock()
	before, err := vault.Load(ctx, key)
	if err != nil && !errors.Is(err, backend.ErrNoCredential) && !damaged(err) && !k.onlyCopyLocked(ctx, vault, err) {
		return sessionOnly, err
	}
	before.SignInKey, before.Name, before.Email = key, g.SignIn.Name, g.SignIn.Email
	before.Generation = max(before.Generation, k.newest.of(key).Generation, int(k.clock.Now().Add(-g.ClockSkew).Unix()))
	next := k.successor(before, g.Token)
	if err := k.room(ctx, vault, next); err != nil {
		return sessionOnly, err
	}
	if err := vault.Save(ctx, next); err != nil {
		return sessionOnly, err
	}
	k.newest.put(next)
	k.tokens.put(key, g.Token)
	k.dropUnsaved(key) // an unsaved credential is older
	return sessionOnly, nil
}

// onlyCopyLocked reports a credential only in a locked collection beside the open collection
// of the writes. The user may have no password for such an old collection.
func (k *Keeper) onlyCopyLocked(ctx context.Context, vault vault, err error) bool {
	return backend.CodeOf(err) == backend.KeychainLocked && vault.Unlocked(ctx) == nil
}

// AdoptSession saves the refresh token of a grant in memory, for a removal: the keychain
// has refused the grant, and Xero must still be told.
func (k *Keeper) AdoptSession(ctx context.Context, g backend.Grant) error {
	c := backend.Credential{SignInKey: g.SignIn.SignInKey, Name: g.SignIn.Name, Email: g.SignIn.Email}
	if err := k.Session.Save(ctx, k.successor(c, g.Token)); err != nil {
		return err
	}
	k.tokens.put(g.SignIn.SignInKey, g.Token)
	return nil
}
