package renewal

import (
	"sync"
	"time"

	"bookring/backend"
)

// tokens holds the access tokens, by sign-in, in memory only.
type tokens struct {
	mu     sync.Mutex
	access map[backend.SignInKey]backend.Token
}

// margin is the least remaining life of an access token for a new call.
const margin = time.Minute

// valid returns the token of a sign-in if the token is good for a call.
func (t *tokens) valid(key backend.SignInKey, now time.Time) (backend.Token, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	token, ok := t.access[key]
	return token, ok && now.Add(margin).Before(token.Expires)
}

func (t *tokens) put(key backend.SignInKey, token backend.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access == nil {
		t.access = map[backend.SignInKey]backend.Token{}
	}
	t.access[key] = token
}

func (t *tokens) forget(key backend.SignInKey) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.access, key)
}

// drop forgets a token refused by Xero, unless a newer token has replaced it.
func (t *tokens) drop(key backend.SignInKey, refused backend.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access[key].Access.Equal(refused.Access) {
		delete(t.access, key)
	}
}
