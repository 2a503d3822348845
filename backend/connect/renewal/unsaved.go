package renewal

import (
	"maps"
	"slices"
	"sync"

	"bookring/backend"
)

// unsaved holds the renewed credentials not yet accepted by the keychain, by sign-in.
// Meanwhile the keychain holds the previous token, valid for the rest of the grace
// period.
type unsaved struct {
	mu      sync.Mutex
	renewed map[backend.SignInKey]renewed
}

// renewed is the result of a renewal. The access token is not used before the vault
// has the credential.
type renewed struct {
	vault vault
	next  backend.Credential
	token backend.Token
	late  bool // the first tries to save have failed
}

func (u *unsaved) of(key backend.SignInKey) (renewed, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	r, ok := u.renewed[key]
	return r, ok
}

func (u *unsaved) put(r renewed) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.renewed == nil {
		u.renewed = map[backend.SignInKey]renewed{}
	}
	u.renewed[r.next.SignInKey] = r
}

func (u *unsaved) drop(key backend.SignInKey) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.renewed, key)
}

func (u *unsaved) keys() []backend.SignInKey {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Collect(maps.Keys(u.renewed))
}

func (u *unsaved) late() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, r := range u.renewed {
		if r.late {
			return true
		}
	}
	return false
}

// Unsaved returns the sign-ins with a renewed credential, or with a token set from a wrong
// answer, in memory only. Late reports a failed save of a renewed credential; otherwise
// every save is still on its first tries.
func (k *Keeper) Unsaved() (keys []backend.SignInKey, late bool) {
	return append(k.unsaved.keys(), k.foreign.keys()...), k.unsaved.late()
}
