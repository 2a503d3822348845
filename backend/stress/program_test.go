package stress_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/keychain"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
	"bookring/backend/xero"
)

// parts are the parts of a program in which a copy and a simulation differ.
type parts struct {
	folder, discovery, api string
	ports                  []int
	client                 *http.Client
	keychain               rig.Keychain
	lock                   func(context.Context, backend.SignInKey) (func(), error)
	pause                  func(context.Context, time.Duration) error
	browse                 func(string) error
	clock                  *rig.Clock
}

// program is Bookring without the window, wired as in main.go.
type program struct {
	*connect.Connector
	ports    *rig.Ports
	lock     func(context.Context, backend.SignInKey) (func(), error)
	register *sqlite.Register
	clock    *rig.Clock
	changed  chan struct{} // holds a value after a change of the overview
}

func newProgram(ctx context.Context, p parts) (*program, error) {
	register, err := sqlite.Open(ctx, p.folder)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	flow := &oauth.Flow{Discovery: p.discovery, HTTP: p.client, Log: log, Ports: p.ports}
	w := &program{register: register, clock: p.clock, lock: p.lock, changed: make(chan struct{}, 1)}
	w.ports = &rig.Ports{
		Authoriser: rig.ClockedServer{Server: rig.Server{Flow: flow}, Clock: p.clock},
		Xero:       rig.ClockedXero{Client: &xero.Client{Base: p.api, HTTP: p.client}, Clock: p.clock},
		Keychain:   p.keychain, Register: register,
	}
	config := connect.Config{
		ClientID: simxero.DemoClientID, ClientIDFrom: connect.FromEnvironment,
		Now: p.clock.Now, Pause: p.pause, Changed: w.notify, Log: log, CloseListener: flow.Close,
	}
	w.ports.Plug(&config)
	config.Renewal.Session = &keychain.Memory{}
	config.Renewal.Lock = func(ctx context.Context, key backend.SignInKey) (func(), error) { return w.lock(ctx, key) }
	config.Rounds.Browse = func(link string, _ func(error)) error { return p.browse(link) }
	w.Connector = connect.New(config)
	return w, nil
}

func (w *program) notify() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// until waits for an overview that satisfies a condition.
func (w *program) until(ctx context.Context, condition func(view.Overview) bool) (view.Overview, error) {
	for {
		o, err := w.Overview(ctx)
		if err != nil || condition(o) {
			return o, err
		}
		select {
		case <-w.changed:
		case <-ctx.Done():
			return o, ctx.Err()
		}
	}
}

// idle waits for the end of a running check.
func (w *program) idle(ctx context.Context) (view.Overview, error) {
	return w.until(ctx, func(o view.Overview) bool { return !o.Check.Running })
}

// roundEnded waits for the end of a round through the browser. A failed round is an error.
func (w *program) roundEnded(ctx context.Context) error {
	o, err := w.until(ctx, func(o view.Overview) bool {
		return o.SignIn.Phase == rounds.Done || o.SignIn.Phase == rounds.Failed
	})
	if err == nil && o.SignIn.Failed != nil {
		err = errors.New(o.SignIn.Failed.Code)
	}
	return err
}

// rows returns the whole list.
func (w *program) rows(ctx context.Context) ([]view.Row, error) {
	list, err := w.Organisations(ctx, backend.Query{Sort: backend.ByName, Limit: 500})
	return list.Rows, err
}
