// Package rounds leads the user through the browser. A round is one trip: [Rounds] tests
// the keychain, prepares an attempt at the authorization server, opens the browser, waits
// for the answer, records the grant, and shows the end in the window and on the browser's
// page, with an offer of the next round.
package rounds

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/task"

	"golang.org/x/sync/semaphore"
)

// Ports are the parts outside the room. connect.New sets Recorder and Prepare, main.go the adapters.
type Ports struct {
	// Begin begins an attempt.
	Begin Begin
	// Browse opens an address in the system browser. Fails with BrowserNotOpened. A later
	// failure of the opener is reported to late, from another goroutine.
	Browse func(address string, late func(err error)) error
	// Store is the register.
	Store store
	// Prepare returns the client ID for an attempt, after testing everything needed to
	// save a grant: a consent must not be spent in vain.
	Prepare  func(ctx context.Context) (clientID string, err error)
	Recorder recorder
}

// Begin listens on loopback and prepares an attempt for a client ID, without opening the
// browser. The attempt ends with its answer's page or with Cancel. Fails with PortsTaken,
// TooManySignIns, NotLoopback, or Offline (the discovery document of a test server).
type Begin func(ctx context.Context, clientID string) (attempt, error)

// Attempts adapts a function with a concrete type of attempt, oauth.Flow.Begin, to [Begin].
func Attempts[A attempt](begin func(ctx context.Context, clientID string) (A, error)) Begin {
	return func(ctx context.Context, clientID string) (attempt, error) {
		a, err := begin(ctx, clientID)
		if err != nil {
			return nil, err
		}
		return a, nil
	}
}

// attempt is one authorization request in the user's browser.
type attempt interface {
	// Link is the authorization request (RFC 6749 section 4.1.1). Link holds state and
	// nonce and never reaches the window.
	Link() string
	// Deadline is the end of the waiting; Extend moves it to the full time from now.
	Deadline() time.Time
	Extend()
	// Paste takes the browser's last address, for computers blocking the redirect. Fails
	// with PastedNotOurs or PastedEmpty; the attempt continues.
	Paste(address string) error
	// Wait waits for the first valid answer. Fails with SignInTimeout or Cancelled.
	Wait(ctx context.Context) error
	// Grant exchanges the answer's code and checks the identity token, once. Fails with
	// Refused, Cancelled, or a failure of the exchange.
	Grant(ctx context.Context) (backend.Grant, error)
	// Show puts the end on the browser's page. If again is not nil, the page offers another
	// round; the link calls again once and leads to the returned address.
	Show(end backend.End, again func() (link string, err error))
	// Release marks an attempt that the user has given up: the link works until the
	// deadline. Cancel ends the attempt at once.
	Release()
	Cancel()
}

// recorder saves and records a grant; record.Recorder does. An outcome comes with every
// recorded grant, also with the failures NoOrganisation and
// XeroPartlyRead.
type recorder interface {
	Grant(ctx context.Context, g *backend.Grant, asked *backend.SignIn) (*backend.Outcome, error)
}

// Events are the calls out of the room, never made under the room's lock.
type Events struct {
	// Rows reports changed rows of the list, Progress a changed [Progress].
	Rows, Progress func()
	// Granted reports a recorded grant.
	Granted func(o backend.Outcome)
}

// The phases of a round, in their order. Opening follows Idle.
const (
	Idle    = "idle"
	Opening = "opening" // the keychain is tested, the listener is opened
	Waiting = "waiting" // the user is in the browser
	Reading = "reading" // the answer is here; Bookring reads the connections
	Done    = "done"
	Failed  = "failed"
)

// Progress is a round as it goes on.
type Progress struct {
	// Number counts the rounds shown, so that the window reports each end once.
	Number int
	Phase  string
	// Deadline is the end of the waiting, or of the link of a cancelled round, or zero.
	Deadline time.Time
	// BrowserFailed: the browser did not open; the user must copy the link.
	BrowserFailed bool
	// Expected names the expected person, or is "".
	Expected string
	// Outcome is set in the phase Done, Failure in the phase Failed.
	Outcome *backend.Outcome
	Failure *backend.Failure
	// Pending counts the grants that Bookring goes on recording after a failure, Unsaved those
	// of them that the keychain has not saved.
	Pending, Unsaved int
	Late             Late
}

// Late is the last end that came later than the window showed the round, or without a
// round: of a cancelled round, of a round hidden by a later one, or of a pending grant.
// Number counts the late ends; Outcome or Failure is set.
type Late struct {
	Number  int
	Outcome *backend.Outcome
	Failure *backend.Failure
}

// Rounds holds the rounds under way. Make Rounds with [New].
type Rounds struct {
	Ports
	events Events
	clock  task.Clock
	tasks  *task.Group
	log    *slog.Logger

	mu     sync.Mutex
	rounds []*round // the oldest first
	shown  *round   // in the window; nil before the first
	number int      // of shown
	late   Late
	// stopped: a removal is under way, and no pending grant is tried.
	stopped bool
	// pending holds the grants not recorded yet, tries the backoff of recording them.
	pending []*pending
	tries   retry.Schedule[backend.SignInKey]
	// noting is the mutex of noted, loaded and the saved notes.
	noting *semaphore.Weighted
	loaded bool   // the notes of the last run are in pending
	noted  string // the saved notes
}

// round is one trip through the browser, until all that it brought is recorded. Rounds.mu
// guards the fields.
type round struct {
	attempt  attempt // nil while the listener is being opened, and without a browser
	progress Progress
	asked    *backend.SignIn // the expected person, or nil
	// cancelled: the window shows the end. An answer of Xero is recorded all the same.
	cancelled bool
	cancel    context.CancelFunc
	done      func()        // of the round's task
	left      chan struct{} // closed at the end
}

// ended reports a known end; the browser's page can still be open.
func (r *round) ended() bool { return r.progress.Phase == Done || r.progress.Phase == Failed }

// expect names the expected person of a round without an answer yet. Nil changes nothing.
func (r *round) expect(asked *backend.SignIn) {
	if asked != nil && (r.progress.Phase == Opening || r.progress.Phase == Waiting) {
		r.asked, r.progress.Expected = asked, asked.Name
	}
}

// New returns Rounds.
func New(p Ports, e Events, clock task.Clock, tasks *task.Group, log *slog.Logger) *Rounds {
	r := &Rounds{Ports: p, events: e, clock: clock, tasks: tasks, log: log, noting: semaphore.NewWeighted(1)}
	r.tries.First, r.tries.Longest = firstWait, retry.Longest
	return r
}

// Progress returns the round in the window.
func (r *Rounds) Progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := Progress{Phase: Idle}
	if r.shown != nil {
		p = r.shown.progress
	}
	p.Late = r.late
	for _, grant := range r.pending {
		if grant.failed {
			p.Pending++
			if !grant.saved {
				p.Unsaved++
			}
		}
	}
	return p
}

// enter adds and shows a round for an expected person, or nil. The round's context ends
// with Cancel before the browser opens, with Stop and with shutdown. The caller must leave
// the round. With alone, a round is added only if none is under way; otherwise the newest of
// those is returned. Shutdown admits no round.
func (r *Rounds) enter(alone bool, asked *backend.SignIn) (ctx context.Context, entered *round, ok bool) {
	defer r.events.Progress()
	r.mu.Lock()
	defer r.mu.Unlock()
	underWay := r.newestLocked(func(other *round) bool { return !other.ended() })
	if alone && underWay != nil {
		return nil, underWay, false
	}
	ctx, done, begun := r.tasks.Begin(context.Background())
	if !begun {
		return nil, underWay, false
	}
	ctx, cancel := context.WithCancel(ctx)
	r.number++
	entered = &round{cancel: cancel, done: done, left: make(chan struct{}), progress: Progress{Number: r.number, Phase: Opening}}
	entered.expect(asked)
	r.rounds, r.shown = append(r.rounds, entered), entered
	return ctx, entered, true
}

func (r *Rounds) leave(left *round) {
	left.cancel()
	r.mu.Lock()
	r.rounds = slices.DeleteFunc(r.rounds, func(other *round) bool { return other == left })
	r.mu.Unlock()
	close(left.left)
	left.done()
}

func (r *Rounds) newestLocked(fits func(*round) bool) *round {
	for _, other := range slices.Backward(r.rounds) {
		if fits(other) {
			return other
		}
	}
	return nil
}

// change changes a round's progress and reports the change.
func (r *Rounds) change(change func()) {
	r.mu.Lock()
	change()
	r.mu.Unlock()
	r.events.Progress()
}
