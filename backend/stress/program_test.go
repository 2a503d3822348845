package stress_test

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/view"
	"bookring/backend/keychain"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
	"bookring/backend/xero"
)

// parts are what one program has that another has not.
type parts struct {
	folder, discovery, api string
	ports                  []int
	client                 *http.Client // nil: xero.NewHTTPClient
	keychain               rig.Keychain
	lock                   func(context.Context, backend.SignInKey) (func(), error)
	pause                  func(context.Context, time.Duration) error
	browse                 func(string) error
	clock                  *clock // nil: the system's
}

// program is Bookring without its window, put together as main.go does it.
type program struct {
	*connect.Connector
	ports    *rig.Ports
	lock     func(context.Context, backend.SignInKey) (func(), error)
	register *sqlite.Register
	ahead    *clock
	news     chan struct{} // holds one value when there is something to ask for
}

func newProgram(ctx context.Context, p parts) (*program, error) {
	register, err := sqlite.Open(ctx, p.folder)
	if err != nil {
		return nil, err
	}
	if p.client == nil {
		p.client = xero.NewHTTPClient()
	}
	log := slog.New(slog.DiscardHandler)
	ahead := p.clock
	if ahead == nil {
		ahead = &clock{}
	}
	flow := &oauth.Flow{Discovery: p.discovery, HTTP: p.client, Log: log, Ports: p.ports}
	w := &program{register: register, ahead: ahead, lock: p.lock, news: make(chan struct{}, 1)}
	w.ports = &rig.Ports{
		Authoriser: authoriser{rig.Server{Flow: flow}, ahead}, Xero: reader{&xero.Client{Base: p.api, HTTP: p.client}, ahead},
		Keychain: p.keychain, Register: register,
	}
	config := connect.Config{
		ClientID: simxero.DemoClientID, ClientIDFrom: connect.FromEnvironment,
		Now: ahead.now, Pause: p.pause, Notify: w.notify, Log: log, CloseListener: flow.Close,
	}
	w.ports.Plug(&config)
	config.Renewal.Session = &keychain.Memory{}
	config.Renewal.Lock = func(ctx context.Context, key backend.SignInKey) (func(), error) { return w.lock(ctx, key) }
	config.Rounds.Browse = p.browse
	w.Connector = connect.New(config)
	return w, nil
}

func (w *program) notify() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// until waits for the overview to be as wanted.
func (w *program) until(ctx context.Context, right func(view.Overview) bool) (view.Overview, error) {
	for {
		o, err := w.Overview(ctx)
		if err != nil || right(o) {
			return o, err
		}
		select {
		case <-w.news:
		case <-ctx.Done():
			return o, ctx.Err()
		}
	}
}

// idle waits until no check runs.
func (w *program) idle(ctx context.Context) (view.Overview, error) {
	return w.until(ctx, func(o view.Overview) bool { return !o.Check.Running })
}

// rows returns the whole list.
func (w *program) rows(ctx context.Context) ([]view.Row, error) {
	list, err := w.Organisations(ctx, backend.Query{Sort: backend.ByName, Limit: 500})
	return list.Rows, err
}

// clock is a program's clock, ahead of the system's or behind.
type clock struct{ by atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(c.ahead()) }
func (c *clock) ahead() time.Duration    { return time.Duration(c.by.Load()) }
func (c *clock) advance(d time.Duration) { c.by.Add(int64(d)) }

// The adapters date by the system's clock, which on a computer is the program's
// too. Here they are lent the clock of the program.

type authoriser struct {
	rig.Server
	clock *clock
}

func (a authoriser) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	token, err := a.Flow.Renew(ctx, key, refresh)
	token.Expires = token.Expires.Add(a.clock.ahead())
	return token, a.clock.dated(err)
}

type reader struct {
	*xero.Client
	clock *clock
}

func (r reader) Connections(ctx context.Context, token backend.Token) ([]backend.Connection, error) {
	listed, err := r.Client.Connections(ctx, token)
	return listed, r.clock.dated(err)
}

func (r reader) Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error) {
	details, err := r.Client.Details(ctx, token, organisationID)
	return details, r.clock.dated(err)
}

func (c *clock) dated(err error) error {
	f := backend.AsFailure(err)
	if f == nil || f.Again.IsZero() {
		return err
	}
	later := *f
	later.Again = f.Again.Add(c.ahead())
	return &later
}
