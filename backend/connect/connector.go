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
	// Opening is what it took to open the register.
	Opening backend.Opening
	// Browse opens an address in the system browser; it fails with
	// BrowserNotOpened.
	Browse func(address string) error
	// ClientID is the one that an administrator has set or that is built in;
	// see [Overview.ClientIDFrom] for ClientIDFrom.
	ClientID, ClientIDFrom string
	// Facts are the parts of the [Overview] that do not change.
	Facts Overview
	Now   func() time.Time
	// Pause waits, at most until ctx ends; its error is that of ctx. Nil means a
	// timer.
	Pause func(ctx context.Context, d time.Duration) error
	// Lock keeps every other program of this user from renewing a sign-in,
	// until unlock is called or this program ends, however it ends.
	Lock func(ctx context.Context, key backend.SignInKey) (unlock func(), err error)
	// Notify tells the window that there is something new to ask for. It must
	// not block.
	Notify func()
	// Tell shows a message outside the window, where the system has a place for
	// that. Nil is a system without.
	Tell func(ctx context.Context, title, text string) error
	Log  *slog.Logger
	// Kept counts the files of these data. Erase closes and removes them, and
	// returns what it could not remove; what the running program needs goes with
	// its end.
	Kept  func() backend.FileCounts
	Erase func() []backend.Leftover
	// TestKeychain is that of test servers, whose data go with the real ones;
	// nil where these are not the real ones.
	TestKeychain Vault

	work work
	// recording lets one round after the other write down what it brought. A
	// list that Xero gave earlier must not be written over a later one.
	recording turn
	// telling lets one piece of work after the other tell Xero what is to be
	// disconnected. It is taken before recording.
	telling turn
	// reminding lets no end of a sign-in be told twice.
	reminding sync.Mutex

	mu          sync.Mutex
	rounds      []*round // oldest first
	shown       *round   // the one in the window; nil before the first
	number      int      // of the one in the window
	revision    int
	sessionOnly bool
	stopCheck   context.CancelFunc // nil while no check runs
	hasten      context.CancelFunc // ends the spaces between the sign-ins of a check; nil while none runs
	check       Check
	began       time.Time // when the check that runs began
	asked       bool      // a person has asked for a check while it ran
	later       map[backend.SignInKey]later
	triedAt     time.Time         // see [Check.TriedAt]
	stumbled    backend.SignInKey // through which the last check was cut off
	oldTried    map[backend.SignInKey]later
	details     details
	reminded    map[backend.SignInKey]int   // see firstTry
	untold      map[backend.SignInKey]later // when Xero may be told what waits
	listings    []*listing                  // under way
	loss        *loss                       // what the window says became of a list that was lost, or nil
	recallLater later                       // when a keychain that did not answer may be asked for more

	tokens     tokens
	unsaved    unsaved
	unanswered unanswered
	removal    removing
	closing    closing

	naming sync.Once
	logKey string // see logName

	keychainWaiting bool
	pending         *granted // what waits to be written down, or nil
}

// round is one trip through the browser, until all that it brought is read.
type round struct {
	attempt  Attempt // nil while the way back is being opened, and where no browser is needed
	progress Progress
	asked    *backend.SignIn // who shall sign in, or nil
	cancel   context.CancelFunc
	done     func() // of its piece of work
}

// ended reports that the end is known; what may still run is the reading of
// details.
func (r *round) ended() bool {
	return r.progress.Phase == PhaseDone || r.progress.Phase == PhaseFailed
}

// enter adds a round for whoever is asked for, or nil, and shows it; its context
// ends with Cancel and with Close. Whoever enters must leave. Alone enters only
// if no round is under way, and otherwise returns the newest of those. Nobody
// enters a closed Connector.
func (c *Connector) enter(alone bool, asked *backend.SignIn) (ctx context.Context, r *round, entered bool) {
	defer c.Notify()
	c.mu.Lock()
	defer c.mu.Unlock()
	underWay := c.newest(func(r *round) bool { return !r.ended() })
	if alone && underWay != nil {
		return nil, underWay, false
	}
	ctx, done, begun := c.work.begin(context.Background())
	if !begun {
		return nil, underWay, false
	}
	ctx, cancel := context.WithCancel(ctx)
	c.number++
	r = &round{cancel: cancel, done: done, progress: Progress{Number: c.number, Phase: PhaseOpening}}
	r.expect(asked)
	c.rounds, c.shown = append(c.rounds, r), r
	return ctx, r, true
}

// leave forgets a round.
func (c *Connector) leave(r *round) {
	r.cancel()
	c.mu.Lock()
	c.rounds = slices.DeleteFunc(c.rounds, func(other *round) bool { return other == r })
	c.mu.Unlock()
	r.done()
}

// newest returns the newest round that is right, or nil. The lock is held.
func (c *Connector) newest(right func(*round) bool) *round {
	for _, r := range slices.Backward(c.rounds) {
		if right(r) {
			return r
		}
	}
	return nil
}

// change changes something that the window sees, and says so.
func (c *Connector) change(change func()) {
	c.mu.Lock()
	change()
	c.mu.Unlock()
	c.Notify()
}

// changed says that rows of the list may have changed.
func (c *Connector) changed() { c.change(func() { c.revision++ }) }

// KeychainWaits says whether the keychain keeps a call waiting.
func (c *Connector) KeychainWaits(waiting bool) {
	c.change(func() { c.keychainWaiting = waiting })
	if waiting {
		c.Log.Info("keychain waits")
	} else {
		c.Log.Info("keychain answered")
	}
}

// pause waits before something is tried again.
func (c *Connector) pause(ctx context.Context, d time.Duration) error {
	if c.Pause != nil {
		return c.Pause(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close cancels what runs and returns when it has ended. A renewal that Xero may
// have begun is given a few seconds to be saved; one that is cut off after
// that is taken up again at the next start.
func (c *Connector) Close() {
	c.mu.Lock()
	c.removal.closed = true
	if c.removal.begun {
		c.removal.cancel()
	}
	c.mu.Unlock()
	c.halt()
	c.removal.running.Wait()
}

// halt ends for good all that goes on but a removal.
func (c *Connector) halt() {
	c.work.close()
	c.Authoriser.Close()
}
