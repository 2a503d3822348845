// Package details reads the organisations' details (GET /Organisation) after Xero's
// lists, once a day for each organisation. [Reader] reads a few organisations at a time,
// within Xero's limits, and defers organisations, sign-ins or all reading after failures.
package details

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/task"

	"golang.org/x/sync/errgroup"
)

const (
	// maxAge is the age at which details are read again, askedAge the age for a user who asks.
	maxAge   = 24 * time.Hour
	askedAge = 15 * time.Minute
	// again is the least time between two questions about an organisation without an answer,
	// however often the user asks.
	again = time.Minute
	// atOnce is the number of organisations read side by side, each by one call. Xero
	// allows five calls at once for one organisation; the lower number is courtesy.
	atOnce = 4
	// batch is the number of organisations between two looks at due work, so that a
	// newly connected organisation does not wait for thousands of others.
	batch = 100
)

// Ports are the parts outside the room. connect.New sets Xero, Limits and SignIns, main.go
// the adapters.
type Ports struct {
	Xero     xero
	Limits   limits
	Register register
	SignIns  signIns
}

// xero reads one organisation: GET /api.xro/2.0/Organisation.
type xero interface {
	Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error)
}

// limits knows Xero's limits; limits.Limits does. Held returns the failure of a call during a
// limit, or nil.
type limits interface {
	Held(app, organisationID string) *backend.Failure
}

// signIns hands out access tokens; renewal.Keeper does.
type signIns interface {
	Call(ctx context.Context, s backend.SignIn, do func(backend.Token) error) error
}

// register is the database; sqlite.Register documents the methods.
type register interface {
	SignIns(ctx context.Context) ([]backend.SignIn, error)
	StaleDetails(ctx context.Context, key backend.SignInKey, since, until time.Time) ([]backend.StaleDetails, error)
	SaveDetails(ctx context.Context, organisationID string, d backend.Details, at time.Time) error
	SaveRefusal(ctx context.Context, organisationID string, at time.Time) error
}

// Events are the calls out of the room, never made under the room's lock.
type Events struct {
	// Rows reports changed rows of the list, Progress a changed [Progress].
	Rows, Progress func()
	// Scope reports whether Xero refuses a sign-in's settings for lack of a scope, after a
	// change.
	Scope func(ctx context.Context, s backend.SignIn, missing bool) error
}

// Progress is the reading as it goes on, counted in organisations.
type Progress struct {
	Running     bool
	Done, Total int
}

// Reader reads details. Make a Reader with [New].
type Reader struct {
	Ports
	events Events
	clock  task.Clock
	tasks  *task.Group
	log    *slog.Logger
	pace   pace
	// deferred holds the backoff of one organisation or one sign-in; all the backoff of
	// all reading.
	deferred retry.Schedule[subject]
	all      retry.Schedule[struct{}]
	// lasting follows the failures of whole readings.
	lasting retry.Lasting[string]
	// failures counts the organisations that failed one after the other; see mostFailures.
	failures atomic.Int32
	// answers counts the organisations about which Xero answered in this reading.
	answers atomic.Int32

	mu   sync.Mutex
	stop context.CancelFunc // nil while nothing is read
	// more: further work came during the reading.
	more bool
	// suspended counts the running checks. No reading begins during a check.
	suspended int
	progress  Progress
	// due holds, for each sign-in, the time before which details are stale. The program's
	// end forgets due, because every start checks.
	due    map[backend.SignInKey]time.Time
	wanted wanted
}

// subject is the key of a backoff: an organisation by its ID, or a sign-in.
type subject struct {
	signIn       backend.SignInKey
	organisation string
}

// New returns a Reader.
func New(p Ports, e Events, clock task.Clock, tasks *task.Group, log *slog.Logger) *Reader {
	return &Reader{
		Ports: p, events: e, clock: clock, tasks: tasks, log: log,
		deferred: retry.Schedule[subject]{First: time.Hour, Longest: maxAge},
	}
}

// Progress returns the reading as it goes on.
func (r *Reader) Progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.progress
}

// Want makes all details due that are older than 15 minutes, and ends every backoff, for a
// user who asks. Xero's limits still hold.
func (r *Reader) Want() {
	r.Reset()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wanted.since, r.wanted.unread, r.wanted.stopped = r.clock.Now().Add(-askedAge), 0, false
}

// Unread counts the organisations that the last [Reader.Want] made due and that are not read
// yet, at the end of a reading.
func (r *Reader) Unread() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wanted.unread
}

// Add makes details of a sign-in's organisations due at the age of a day.
func (r *Reader) Add(key backend.SignInKey) {
	since := r.clock.Now().Add(-maxAge)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.due == nil {
		r.due = map[backend.SignInKey]time.Time{}
	}
	r.due[key] = since
}

// Connected makes the details of a new sign-in's organisations due, at once and without
// their backoff: the person can have access where an earlier sign-in had none.
func (r *Reader) Connected(o backend.Outcome) {
	var subjects []subject
	for _, all := range [][]backend.Organisation{o.Added, o.Reconnected, o.AlreadyConnected} {
		for _, organisation := range all {
			subjects = append(subjects, subject{organisation: organisation.ID})
		}
	}
	r.Add(o.SignIn.SignInKey)
	if len(subjects) > 0 {
		r.all.Reset()
		r.deferred.Reset(subjects...)
		r.forgetTries(subjects)
	}
	r.Begin()
}

// Begin reads the due details in the background, unless a check runs or all reading is
// deferred.
func (r *Reader) Begin() {
	r.mu.Lock()
	r.beginLocked()
	r.mu.Unlock()
	r.events.Progress()
}

// Suspend keeps a reading from beginning until Resume. Calls nest.
func (r *Reader) Suspend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.suspended++
}

// Resume ends a Suspend and begins the due reading.
func (r *Reader) Resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.suspended--
	r.beginLocked()
}

func (r *Reader) beginLocked() {
	r.more = true
	if len(r.due) == 0 && r.wanted.since.IsZero() || r.stop != nil || r.suspended > 0 || !r.all.Ready(struct{}{}, r.clock.Now()) {
		return
	}
	ctx, done, begun := r.tasks.Begin(context.Background())
	if !begun {
		return
	}
	ctx, r.stop = context.WithCancel(ctx)
	r.progress = Progress{Running: true}
	r.tasks.Spawn(func() {
		defer done()
		r.run(ctx)
	})
}

// run is one reading, followed by another if further work came meanwhile.
func (r *Reader) run(ctx context.Context) {
	began := r.clock.Now()
	r.failures.Store(0)
	r.answers.Store(0)
	err := r.tasks.Try(func() error { return r.readDue(ctx) })
	if err != nil && ctx.Err() == nil {
		r.deferAll(err)
	}
	since, unread := r.unread(context.WithoutCancel(ctx))
	r.mu.Lock()
	read := r.progress
	r.stop()
	r.stop, r.progress = nil, Progress{}
	r.wanted.end(since, unread)
	if r.more {
		r.beginLocked()
	}
	r.mu.Unlock()
	r.events.Progress()
	if (read.Total > 0 || err != nil) && (r.lasting.Began("read", err) || r.answers.Load() > 0) {
		r.log.Info("details read", "done", read.Done, "total", read.Total,
			"took", r.clock.Now().Sub(began), "code", backend.CodeOf(err))
	}
}

// readDue reads the due details, a few at a time, until no readable organisation is
// left. A failure shared by the other organisations ends the reading.
func (r *Reader) readDue(ctx context.Context) error {
	for {
		r.mu.Lock()
		r.more = false
		r.mu.Unlock()
		all, err := r.readable(ctx)
		if err != nil || len(all) == 0 {
			return err
		}
		r.count(func(p *Progress) { p.Total = p.Done + len(all) })
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for _, o := range all[:min(len(all), batch)] {
			group.Go(func() error {
				if err := r.tryRead(ctx, o); err != nil {
					return err
				}
				r.count(func(p *Progress) { p.Done++ })
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
}

// tryRead reads one organisation. A panic defers the organisation only.
func (r *Reader) tryRead(ctx context.Context, o organisation) error {
	err := r.tasks.Try(func() error { return r.read(ctx, o) })
	if errors.Is(err, backend.ErrPanic) {
		r.deferSubject(subject{organisation: o.id}, backend.AsFailure(err))
		return nil
	}
	return err
}

func (r *Reader) count(change func(p *Progress)) {
	r.mu.Lock()
	change(&r.progress)
	r.mu.Unlock()
	r.events.Progress()
}

// Stop ends the reading for an hour, or until the user wants a check. The rest of a reading
// that the user asked for is due at the age of a day again. The wait comes before
// the end, because the ended reading looks for more work.
func (r *Reader) Stop() {
	now := r.clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all.DeferFor(struct{}{}, time.Hour, now)
	r.wanted.stopped = true
	if r.stop != nil {
		r.stop()
	} else {
		r.wanted.end(r.wanted.since, r.wanted.unread)
	}
}
