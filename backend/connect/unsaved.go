package connect

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"bookring/backend"
)

// unsaved are renewed credentials that the keychain has not taken yet, by
// sign-in. While there is one, the keychain holds the token before it, which is
// good for the rest of the grace.
type unsaved struct {
	mu   sync.Mutex
	held map[backend.SignInKey]renewed
}

// renewed is what a renewal brought. Its access token is not used before the
// vault has the credential.
type renewed struct {
	vault Vault
	next  backend.Credential
	token backend.Token
	late  bool // the first tries to save it have failed
}

func (u *unsaved) of(key backend.SignInKey) (renewed, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	r, ok := u.held[key]
	return r, ok
}

func (u *unsaved) put(r renewed) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.held == nil {
		u.held = map[backend.SignInKey]renewed{}
	}
	u.held[r.next.SignInKey] = r
}

func (u *unsaved) drop(key backend.SignInKey) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.held, key)
}

func (u *unsaved) any() bool { return len(u.keys()) > 0 }

// late reports whether there is one that is more than on its way.
func (u *unsaved) late() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, r := range u.held {
		if r.late {
			return true
		}
	}
	return false
}

func (u *unsaved) keys() []backend.SignInKey {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Collect(maps.Keys(u.held))
}

// saveRenewed stores the next credential, and insists: it has its last moments
// to do so when ctx ends. Fails with RenewalUnsaved, and then goes on trying
// for as long as the program runs. The lock on the sign-in is held.
func (c *Connector) saveRenewed(ctx context.Context, vault Vault, held backend.Credential, token backend.Token) error {
	r := renewed{vault: vault, token: token, next: backend.Credential{
		SignInKey:  held.SignInKey,
		Generation: held.Generation + 1,
		Refresh:    token.Refresh,
		Previous:   held.Refresh,
		SavedAt:    c.Now(),
		Scopes:     token.Scopes,
		Name:       held.Name,
		Email:      held.Email,
	}}
	c.unsaved.put(r) // whoever closes now must wait
	longer, release := c.work.reprieve(ctx)
	defer release()
	err := vault.Save(longer, r.next)
	for try := 1; err != nil && try < saveTries && c.pause(longer, savePause) == nil; try++ {
		err = vault.Save(longer, r.next)
	}
	if err == nil {
		c.tokens.put(held.SignInKey, token)
		c.noteRenewal(longer, r.next)
		c.unsaved.drop(held.SignInKey)
		return nil
	}
	r.late = true
	c.change(func() { c.unsaved.put(r) })
	c.work.spawn(context.WithoutCancel(ctx), func(ctx context.Context) { c.insist(ctx, held.SignInKey) })
	return backend.Fail(backend.RenewalUnsaved, "", err)
}

// insist tries to save a renewed credential until that is done, and a last time
// when ctx ends.
func (c *Connector) insist(ctx context.Context, key backend.SignInKey) {
	longer, release := c.work.reprieve(ctx)
	defer release()
	for {
		ended := c.pause(ctx, insistPause)
		err := c.insistOnce(longer, key)
		if err == nil || ended != nil {
			return
		}
	}
}

func (c *Connector) insistOnce(ctx context.Context, key backend.SignInKey) error {
	unlock, err := c.Lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	return c.saveUnsaved(ctx, key)
}

// saveUnsaved saves the renewed credential of a sign-in, if one waits for that.
// What another program or another sign-in has written since is newer, and
// stays; what is damaged, like what is gone, has only this to be replaced by. The
// lock on the sign-in is held. Fails with RenewalUnsaved.
func (c *Connector) saveUnsaved(ctx context.Context, key backend.SignInKey) error {
	r, waits := c.unsaved.of(key)
	if !waits {
		return nil
	}
	now, err := c.loadTwice(ctx, r.vault, key)
	mine := now.Refresh.Equal(r.next.Previous) || now.Refresh.Equal(r.next.Refresh)
	switch {
	case err == nil && !mine:
		c.change(func() { c.unsaved.drop(key) })
		return nil
	case err == nil, errors.Is(err, backend.ErrNoCredential), damaged(err):
		err = r.vault.Save(ctx, r.next)
	}
	if err != nil {
		return backend.Fail(backend.RenewalUnsaved, "", err)
	}
	c.tokens.put(key, r.token)
	c.noteRenewal(ctx, r.next)
	c.change(func() { c.unsaved.drop(key) })
	return nil
}
