package connect

import (
	"sync"
	"time"

	"bookring/backend"

	"golang.org/x/sync/singleflight"
)

// tokens are the access tokens that live, by sign-in. They are in memory only.
type tokens struct {
	flight singleflight.Group // one renewal for each sign-in

	mu   sync.Mutex
	held map[backend.SignInKey]backend.Token
}

// margin is what must be left of an access token's life for a call to begin.
const margin = time.Minute

// live returns the token of a sign-in if it can still be used.
func (t *tokens) live(key backend.SignInKey, now time.Time) (backend.Token, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	token, ok := t.held[key]
	return token, ok && now.Add(margin).Before(token.Expires)
}

func (t *tokens) put(key backend.SignInKey, token backend.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == nil {
		t.held = map[backend.SignInKey]backend.Token{}
	}
	t.held[key] = token
}

// forget forgets the token of a sign-in.
func (t *tokens) forget(key backend.SignInKey) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.held, key)
}

// drop forgets a token that Xero did not accept, unless there is a newer one.
func (t *tokens) drop(key backend.SignInKey, refused backend.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held[key].Access.Equal(refused.Access) {
		delete(t.held, key)
	}
}

// of returns the token of a sign-in, whether it lives or not.
func (t *tokens) of(key backend.SignInKey) backend.Token {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[key]
}
