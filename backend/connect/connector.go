package connect

import (
	"context"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/connect/details"
	"bookring/backend/connect/limits"
	"bookring/backend/connect/record"
	"bookring/backend/connect/recovery"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/renewal"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/syncing"
	"bookring/backend/connect/task"
)

// Connector is the door for the window's buttons. Make a Connector with [New].
type Connector struct {
	*closing
	*list
	*settings
	removing

	config Config
	clock  task.Clock
	tasks  *task.Group
	news   *news

	limits    *limits.Limits
	keeper    *renewal.Keeper
	recorder  *record.Recorder
	details   *details.Reader
	syncer    *syncing.Syncer
	rounds    *rounds.Rounds
	recovery  *recovery.Recovery
	returning *returning
	upkeep    *upkeep
	reminder  *reminder
}

// New returns a Connector with every room connected. [Connector.Start] begins the
// background work.
func New(c Config) *Connector {
	clock, tasks := task.NewClock(c.Now, c.Pause), &task.Group{Grace: c.Grace}
	news := &news{notify: c.Changed}
	tasks.Panicked = func(f *backend.Failure) {
		c.Log.Error("panicked", "code", f.Code, "error", f.Cause())
		news.panicked()
	}
	name := newPseudonyms(c.Settings).of
	d := &Connector{config: c, clock: clock, tasks: tasks, news: news}

	d.limits = limits.New(c.Limits, clock, c.Log, news.notify)
	c.Record.Xero, c.Details.Xero, c.Syncing.Xero, c.Removal.Xero = d.limits, d.limits, d.limits, d.limits
	c.Details.Limits, c.Syncing.Limits = d.limits, d.limits

	c.Renewal.Authoriser, c.Renewal.ReadOnly = d.limits, c.Opening.ReadOnly
	d.keeper = renewal.New(c.Renewal, clock, tasks, c.Log, name, news.notify)

	c.Record.SignIns = d.keeper
	c.Record.Listed = func(key backend.SignInKey, asked time.Time, changes backend.Changes) {
		d.rounds.Listed(key, asked, changes)
	}
	c.Record.Revoked = func(key backend.SignInKey) { d.rounds.Revoked(key) }
	d.recorder = record.New(c.Record, clock, c.Log, name)

	c.Details.SignIns = d.keeper
	d.details = details.New(c.Details, details.Events{
		Rows: news.rows, Progress: news.notify, Scope: d.recorder.Scope,
	}, clock, tasks, c.Log)

	d.upkeep = &upkeep{store: c.Upkeep, log: c.Log, now: clock.Now}
	d.reminder = &reminder{
		show: c.Remind, store: c.Reminders, clock: clock, log: c.Log,
		checking: func() bool { return d.syncer.Running() },
	}

	c.Syncing.SignIns, c.Syncing.Recorder, c.Syncing.Details = d.keeper, d.recorder, d.details
	c.Syncing.Prompting = func() bool { _, waiting := news.state(); return waiting }
	d.syncer = syncing.New(c.Syncing, syncing.Events{
		Rows: news.rows, Progress: news.notify, Checked: d.remind,
		Requested: func(ctx context.Context) { tasks.Go(context.WithoutCancel(ctx), d.upkeep.backUp) },
	}, clock, tasks, c.Log)

	d.settings = &settings{store: c.Settings, news: news, config: c}
	c.Rounds.Recorder, c.Rounds.Prepare = d.recorder, d.prepare
	d.rounds = rounds.New(c.Rounds, rounds.Events{Rows: news.rows, Progress: news.notify, Granted: d.granted}, clock, tasks, c.Log)

	c.Removal.SignIns, c.Removal.Recorder, c.Removal.Pending = d.keeper, d.recorder, d.rounds.Grants
	c.Removal.Demo, c.Removal.TestServer, c.Removal.ReadOnly = c.Demo, c.TestServer, c.Opening.ReadOnly
	d.removing.removal = removal.New(c.Removal, removal.Events{
		Rows: news.rows, Progress: news.notify, Halt: d.halt,
		Disconnecting: func() { d.rounds.Stop(); d.StopCheck() },
		Cancelled:     func(ctx context.Context) { d.rounds.Admit(); _ = d.CheckNow(ctx) },
	}, clock, tasks, c.Log)

	c.Recovery.SignIns, c.Recovery.Opening, c.Recovery.Pending = d.keeper, c.Opening, d.rounds.Pending
	c.Recovery.ClientID, c.Recovery.SaveClientID = d.currentClientID, d.saveClientID
	d.recovery = recovery.New(c.Recovery, clock, c.Log, news.notify)

	d.returning = &returning{recovery: d.recovery, syncer: d.syncer, removal: d.removing.removal, signIns: c.Lists, rows: news.rows, readOnly: c.Opening.ReadOnly != nil}
	d.list = &list{register: c.Lists, news: news, limit: d.limits.Of, now: clock.Now}
	d.closing = &closing{keeper: d.keeper, removal: d.removing.removal, tasks: tasks, clock: clock, changed: news.notify}
	return d
}

// Start begins the background work: interrupted renewals, a check of every sign-in at once
// and at every due time, backups and reminders. The work ends with ctx, or Close. A
// read-only register is only shown: no lock excludes another program from the same work.
func (c *Connector) Start(ctx context.Context) {
	if c.config.Opening.ReadOnly == nil {
		c.tasks.Go(ctx, c.watch)
		c.tasks.Go(ctx, c.returning.watch)
	}
}

// Close cancels all work and returns after its end. A renewal that Xero may have begun is
// given the shutdown grace period to be saved; a renewal cut off later is repeated at the
// next start.
func (c *Connector) Close() {
	c.removing.removal.Close()
	c.halt()
	c.removing.removal.Wait()
}

// halt ends all work but a removal, for good.
func (c *Connector) halt() {
	c.tasks.Close()
	c.config.CloseListener()
}

// RedirectAddresses returns the redirect addresses of the Xero app.
func (c *Connector) RedirectAddresses() []string { return c.config.RedirectAddresses }

// Note logs a failure, with the cause not shown in the window.
func (c *Connector) Note(err error) {
	f := backend.AsFailure(err)
	c.config.Log.Warn("failed", "code", f.Code, "error", f.Cause())
}

// KeychainWaits shows in the window whether a call of the keychain is waiting for the user.
func (c *Connector) KeychainWaits(waiting bool) {
	c.news.keychain(waiting)
	if waiting {
		c.config.Log.Info("keychain waits")
	} else {
		c.config.Log.Info("keychain answered")
	}
}

// news counts the changes of the list and tells the window of changes.
type news struct {
	notify func() // of any change

	mu              sync.Mutex
	revision        int
	keychainWaiting bool
	faults          int // panics of tasks
}

func (n *news) panicked() {
	n.mu.Lock()
	n.faults++
	n.mu.Unlock()
	n.notify()
}

func (n *news) panics() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.faults
}

// rows reports changed rows of the list.
func (n *news) rows() {
	n.mu.Lock()
	n.revision++
	n.mu.Unlock()
	n.notify()
}

func (n *news) keychain(waiting bool) {
	n.mu.Lock()
	n.keychainWaiting = waiting
	n.mu.Unlock()
	n.notify()
}

func (n *news) state() (revision int, keychainWaiting bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.revision, n.keychainWaiting
}
