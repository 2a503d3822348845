package renewal

import (
	"context"
	"errors"
	"time"

	"bookring/backend"
)

const (
	// saveTries repeat the save while a caller waits for the access token. Further
	// tries follow every retryPause until the program ends.
	saveTries  = 8
	savePause  = time.Second
	retryPause = 5 * time.Second
)

// saveRenewedLocked saves the next credential before the access token is used. The saves
// have the shutdown grace period. Fails with RenewalUnsaved and then retries the
// save in the background.
func (k *Keeper) saveRenewedLocked(ctx context.Context, vault vault, c backend.Credential, token backend.Token) error {
	r := renewed{vault: vault, token: token, next: k.successor(c, token)}
	k.unsaved.put(r) // from here on closing the program must wait
	k.newest.put(r.next)
	longer, release := k.tasks.Extend(ctx)
	defer release()
	save := func() error { return k.tasks.Try(func() error { return vault.Save(longer, r.next) }) }
	err := save()
	for try := 1; err != nil && try < saveTries && k.clock.Pause(longer, savePause) == nil; try++ {
		err = save()
	}
	if err == nil {
		k.tokens.put(c.SignInKey, token)
		k.recordRenewal(longer, r.next)
		k.unsaved.drop(c.SignInKey)
		return nil
	}
	r.late = true
	k.unsaved.put(r)
	k.changed()
	k.tasks.Go(context.WithoutCancel(ctx), func(ctx context.Context) { k.retrySave(ctx, c.SignInKey) })
	return backend.Fail(backend.RenewalUnsaved, "", err)
}

// successor returns the credential with the token after c's.
func (k *Keeper) successor(c backend.Credential, token backend.Token) backend.Credential {
	return backend.Credential{
		SignInKey:  c.SignInKey,
		Generation: c.Generation + 1,
		Refresh:    token.Refresh,
		Previous:   c.Refresh,
		SavedAt:    k.clock.Now(),
		Scopes:     token.Scopes,
		Name:       c.Name,
		Email:      c.Email,
	}
}

// retrySave saves a renewed credential, however many tries the keychain needs, with
// one last try after the end of ctx.
func (k *Keeper) retrySave(ctx context.Context, key backend.SignInKey) {
	longer, release := k.tasks.Extend(ctx)
	defer release()
	for {
		ended := k.clock.Pause(ctx, retryPause)
		err := k.tasks.Try(func() error { return k.lockAndSave(longer, key) })
		if err == nil || ended != nil {
			return
		}
	}
}

// RetrySaves tries once to save every unsaved credential. [Keeper.Unsaved] tells
// the remaining credentials.
func (k *Keeper) RetrySaves(ctx context.Context) {
	for _, key := range k.unsaved.keys() {
		_ = k.tasks.Try(func() error { return k.lockAndSave(ctx, key) })
	}
	for _, key := range k.foreign.keys() {
		_ = k.saveForeign(ctx, key)
	}
}

// lockAndSave locks the sign-in and saves the unsaved credential.
func (k *Keeper) lockAndSave(ctx context.Context, key backend.SignInKey) error {
	unlock, err := k.Lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	return k.saveUnsavedLocked(ctx, key)
}

// saveUnsavedLocked saves the unsaved credential of a sign-in, if there is one. A credential
// of a later generation, written since by another program or by a new sign-in, remains. So
// does another credential of the same generation, with the unsaved token as the previous
// token. An older credential, restored from a backup, is replaced, as is a damaged or
// deleted one. Fails with RenewalUnsaved.
func (k *Keeper) saveUnsavedLocked(ctx context.Context, key backend.SignInKey) error {
	r, found := k.unsaved.of(key)
	if !found {
		return nil
	}
	next := r.next
	now, err := k.loadTwice(ctx, r.vault, key)
	if errors.Is(err, backend.ErrNoCredential) || damaged(err) {
		err = nil
	}
	ours := now.Refresh.Equal(next.Previous) || now.Refresh.Equal(next.Refresh)
	switch {
	case err != nil, ours:
	case now.Generation > next.Generation:
		k.newest.put(now)
		k.dropUnsaved(key)
		return nil
	case now.Generation == next.Generation:
		now.Generation, now.Previous = now.Generation+1, next.Refresh
		next = now
	}
	if err == nil {
		err = r.vault.Save(ctx, next)
	}
	if err != nil {
		return backend.Fail(backend.RenewalUnsaved, "", err)
	}
	k.newest.put(next)
	k.tokens.put(key, r.token)
	k.recordRenewal(ctx, next)
	k.dropUnsaved(key)
	return nil
}

func (k *Keeper) dropUnsaved(key backend.SignInKey) {
	k.unsaved.drop(key)
	k.changed()
}

// recordRenewal records the age of a saved credential in the register. After a
// failure the register shows an older renewal until the next renewal.
func (k *Keeper) recordRenewal(ctx context.Context, saved backend.Credential) {
	if err := k.Register.SaveRenewal(ctx, saved.SignInKey, saved.SavedAt); k.lasting.Began("record", err) {
		k.log.Info("renewal not recorded", "code", backend.CodeOf(err))
	}
}
