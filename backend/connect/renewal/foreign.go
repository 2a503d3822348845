package renewal

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"bookring/backend"
)

// foreign holds the token sets of other sign-ins from wrong answers to a renewal, by sign-in,
// until the vault has the refresh token.
type foreign struct {
	mu    sync.Mutex
	saved map[backend.SignInKey]foreignToken
}

type foreignToken struct {
	vault vault
	*backend.OthersToken
}

func (f *foreign) put(a foreignToken) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.saved == nil {
		f.saved = map[backend.SignInKey]foreignToken{}
	}
	f.saved[a.SignIn.SignInKey] = a
}

func (f *foreign) of(key backend.SignInKey) (a foreignToken, found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, found = f.saved[key]
	return a, found
}

// drop removes a token set, unless a later token set has replaced it.
func (f *foreign) drop(a foreignToken) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.saved[a.SignIn.SignInKey] == a {
		delete(f.saved, a.SignIn.SignInKey)
	}
}

func (f *foreign) keys() []backend.SignInKey {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Keys(f.saved))
}

// keepForeign saves the token set of another sign-in from a wrong answer, in the background: a
// renewal holds the lock of its sign-in, and two renewals with exchanged answers would wait
// for each other's lock.
func (k *Keeper) keepForeign(ctx context.Context, vault vault, err error) {
	token, found := errors.AsType[*backend.OthersToken](err)
	if !found {
		return
	}
	key := token.SignIn.SignInKey
	k.foreign.put(foreignToken{vault, token})
	k.tasks.Go(context.WithoutCancel(ctx), func(ctx context.Context) {
		longer, release := k.tasks.Extend(ctx)
		defer release()
		for k.saveForeign(longer, key) != nil && k.clock.Pause(ctx, retryPause) == nil {
		}
	})
}

// saveForeign saves the token set of another sign-in under the key of the other sign-in.
//
// A refresh token of unknown age never replaces a credential: the refresh token goes into
// the place of the previous one, which a renewal presents after a refusal of the newest. If
// the other sign-in's own renewal got no answer, the token is the missing successor; if the
// other sign-in is renewed, the token is superfluous. A damaged credential stays: the
// keychain can return the credential whole later. Without a credential the token becomes
// the first, without a row in the register: the recall or the next sign-in makes the row.
func (k *Keeper) saveForeign(ctx context.Context, key backend.SignInKey) error {
	a, found := k.foreign.of(key)
	if !found {
		return nil
	}
	unlock, err := k.Lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	c, err := k.loadTwice(ctx, a.vault, key)
	refresh := a.Token.Refresh
	switch {
	case errors.Is(err, backend.ErrNoCredential):
		c = backend.Credential{SignInKey: key, Name: a.SignIn.Name, Email: a.SignIn.Email}
		c = k.successor(c, a.Token)
	case err != nil:
		return err
	case c.Refresh.Equal(refresh), c.Previous.Equal(refresh):
		k.foreign.drop(a)
		return nil
	default:
		c.Previous = refresh
	}
	if err := a.vault.Save(ctx, c); err != nil {
		return err
	}
	k.foreign.drop(a)
	k.changed()
	return nil
}
