package renewal

import (
	"sync"

	"bookring/backend"
)

// newest holds the newest credential seen by this run of the program, by sign-in. A
// keychain restored from a backup while the program runs returns an older credential.
type newest struct {
	mu   sync.Mutex
	seen map[backend.SignInKey]backend.Credential
}

// pick returns the newer of c, just read from the keychain, and the credential in memory,
// and remembers the result. A credential saved later is newer, whatever the generation:
// an older version of Bookring counted a new consent from 1.
func (n *newest) pick(c backend.Credential) (picked backend.Credential, older bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	seen, found := n.seen[c.SignInKey]
	if found && c.Generation < seen.Generation && !c.SavedAt.After(seen.SavedAt) {
		return seen, true
	}
	n.putLocked(c)
	return c, false
}

// put remembers a credential given by Xero.
func (n *newest) put(c backend.Credential) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.putLocked(c)
}

func (n *newest) putLocked(c backend.Credential) {
	if n.seen == nil {
		n.seen = map[backend.SignInKey]backend.Credential{}
	}
	n.seen[c.SignInKey] = c
}

func (n *newest) of(key backend.SignInKey) backend.Credential {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.seen[key]
}

func (n *newest) forget(key backend.SignInKey) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.seen, key)
}

// clear forgets every credential.
func (n *newest) clear() {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.seen)
}
