package connect

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"bookring/backend"
)

// Connector is where the window's buttons lead. Its exported fields must be
// set before use and not change after.
type Connector struct {
	Authoriser Authoriser
	Xero       Xero
	Keychain   Vault
	// Session keeps credentials until the program ends, for a person whose
	// computer has no keychain that works.
	Session  Vault
	Register Register
	// Browse opens an address in the system browser; it fails with
	// BrowserNotOpened.
	Browse func(address string) error
	// ClientID is the one that an administrator has set or that is built in;
	// see [Overview.ClientIDFrom] for ClientIDFrom.
	ClientID, ClientIDFrom string
	// Facts are the parts of the [Overview] that do not change.
	Facts Overview
	Now   func() time.Time
	// Notify tells the window that there is something new to ask for. It must
	// not block.
	Notify func()
	Log    *slog.Logger

	running sync.WaitGroup

	mu          sync.Mutex
	rounds      []*round // oldest first
	progress    Progress
	revision    int
	sessionOnly bool

	keychainWaiting bool
	pending         *backend.Grant // granted, but not yet written down
}

// round is one trip through the browser, until all that it brought is read.
type round struct {
	attempt Attempt // nil while the way back is being opened
	number  int
	cancel  context.CancelFunc
	ended   bool // its end is known; what still runs are the details
}

// Close cancels what runs and returns when it has ended.
func (c *Connector) Close() {
	c.Authoriser.Close() // first: the browser's page could begin another round
	c.mu.Lock()
	for _, r := range c.rounds {
		r.cancel()
	}
	c.mu.Unlock()
	c.running.Wait()
}

// enter adds a round and shows it as the one that happens.
func (c *Connector) enter(r *round) {
	c.mu.Lock()
	c.rounds = append(c.rounds, r)
	r.number = c.progress.Number + 1
	c.progress = Progress{Number: r.number, Phase: PhaseOpening}
	c.mu.Unlock()
	c.Notify()
}

// leave forgets a round.
func (c *Connector) leave(r *round) {
	r.cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rounds = slices.DeleteFunc(c.rounds, func(other *round) bool { return other == r })
}

// show changes what the window sees of a round, unless a later one happens.
func (c *Connector) show(r *round, change func(*Progress)) {
	c.mu.Lock()
	if r.number == c.progress.Number {
		change(&c.progress)
	}
	c.mu.Unlock()
	c.Notify()
}

// latest returns the round that a person would mean: the newest that has not
// ended, or nil.
func (c *Connector) latest() *round {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range slices.Backward(c.rounds) {
		if !r.ended {
			return r
		}
	}
	return nil
}

// changed says that rows of the list may have changed.
func (c *Connector) changed() {
	c.mu.Lock()
	c.revision++
	c.mu.Unlock()
	c.Notify()
}

// KeychainWaits says whether the keychain keeps a call waiting.
func (c *Connector) KeychainWaits(waiting bool) {
	c.mu.Lock()
	c.keychainWaiting = waiting
	c.mu.Unlock()
	c.Notify()
}

func (c *Connector) vault() Vault {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessionOnly {
		return c.Session
	}
	return c.Keychain
}
