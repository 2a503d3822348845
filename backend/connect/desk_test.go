package connect_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/task"
	"bookring/backend/connect/view"
	"bookring/backend/keychain"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
	"bookring/backend/xero"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	jo  = "Jo Whitmore"
	sam = "Sam Adeyemi"
)

// desk is the test fixture: a program with real adapters, a browser, a keychain in memory
// and a simulated Xero. Tests change the configuration before [desk.launch].
type desk struct {
	connect.Config
	*connect.Connector
	ports   *rig.Ports
	t       *testing.T
	xero    *simxero.Server
	flow    *oauth.Flow
	network *network
	// browser is the user's browser; Browse only sends the link to opened.
	browser       *simxero.Visitor
	opened        chan string
	keychain      *keychain.Memory
	register      *sqlite.Register
	keychainFault atomic.Pointer[func(method string) error] // the failure of keychain calls, or nil
	folder        string
	ahead         rig.Clock                                                  // the lead of the program's clock
	ticks         chan struct{}                                              // see skipPauses
	pause         atomic.Pointer[func(context.Context, time.Duration) error] // see setPause
	locks         *rig.Locks
	quit          func() // ends the program

	log     rig.Journal
	mu      sync.Mutex
	changed chan struct{} // closed at the next signal
}

// newDesk returns a desk with a new simulated Xero.
func newDesk(t *testing.T, w simxero.World) *desk {
	t.Helper()
	return newDeskAt(t, rig.StartXero(t, simxero.Options{World: w}))
}

// newDeskAt returns a desk at a simulated Xero, and registers the desk's redirect
// addresses there.
func newDeskAt(t *testing.T, server *simxero.Server) *desk {
	t.Helper()
	d := &desk{
		t: t, xero: server, browser: server.Visitor(), opened: make(chan string, 16),
		keychain: &keychain.Memory{}, folder: t.TempDir(), changed: make(chan struct{}),
		ticks: make(chan struct{}), locks: &rig.Locks{},
	}
	d.keychain.Fail = d.keychainError
	client := rig.HTTPClient(t)
	d.network = &network{next: client.Transport}
	client.Transport = d.network
	log := slog.New(slog.NewTextHandler(d, nil))
	d.flow = &oauth.Flow{Discovery: server.Discovery(), HTTP: client, Log: log, Ports: rig.FreePorts(t, 2)}
	server.Change(func(w *simxero.World) { w.Clients[0].RedirectAddresses = d.flow.RedirectAddresses() })
	d.ports = &rig.Ports{
		Authoriser: rig.ClockedServer{Server: rig.Server{Flow: d.flow}, Clock: &d.ahead}, Xero: &xero.Client{Base: server.APIBase(), HTTP: client}, Keychain: d.keychain,
	}
	d.Config = connect.Config{
		ClientID: simxero.DemoClientID, ClientIDFrom: connect.FromEnvironment,
		RedirectAddresses: d.flow.RedirectAddresses(), CloseListener: d.flow.Close,
		Now: d.ahead.Now, Changed: d.signal, Log: log,
	}
	d.Renewal.Session = &keychain.Memory{}
	d.Renewal.Lock = func(ctx context.Context, key backend.SignInKey) (func(), error) { return d.locks.Lock(ctx, key) }
	d.Rounds.Browse = func(link string, _ func(error)) error { d.opened <- link; return nil }
	return d
}

// open opens the register. Tests may change the configuration afterwards.
func (d *desk) open() *desk {
	d.t.Helper()
	register, err := sqlite.Open(d.t.Context(), d.folder)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = register.Close() })
	d.register, d.Opening = register, register.Opening()
	d.ports.Register, d.ports.Keychain = register, d.keychain
	d.ports.Plug(&d.Config)
	return d
}

// launch opens the register and makes the program. The program ends with the test.
func (d *desk) launch() *desk {
	d.t.Helper()
	if d.register == nil {
		d.open()
	}
	d.rebuild()
	register := d.register
	d.quit = sync.OnceFunc(func() {
		d.Close()
		if err := register.Close(); err != nil {
			d.t.Error(err)
		}
	})
	d.t.Cleanup(d.quit)
	return d
}

// rebuild makes a new Connector from the configuration. Functions of the configuration
// may still change while the program is idle; values may not.
func (d *desk) rebuild() {
	c := d.Config
	c.Now = func() time.Time { return d.Now() }
	c.Pause = func(ctx context.Context, pause time.Duration) error {
		return task.NewClock(nil, d.Pause).Pause(ctx, pause)
	}
	if d.Remind != nil {
		c.Remind = func(ctx context.Context, title, text string) error { return d.Remind(ctx, title, text) }
	}
	c.Rounds.Browse = func(link string, late func(error)) error { return d.Rounds.Browse(link, late) }
	c.Removal.Files = func() backend.FileCounts { return d.Removal.Files() }
	c.Removal.Erase = func() []backend.Leftover { return d.Removal.Erase() }
	d.Connector = connect.New(c)
}

// launch returns a launched desk with a new simulated Xero.
func launch(t *testing.T, w simxero.World) *desk {
	t.Helper()
	return newDesk(t, w).launch()
}

// CheckNow presses Check now. The button fails only with a read-only register.
func (d *desk) CheckNow() {
	d.t.Helper()
	if err := d.Connector.CheckNow(context.Background()); err != nil {
		d.t.Error(err)
	}
}

// Remove presses the removal's button of the phase in the window.
func (d *desk) Remove(disconnect, anyway bool) {
	d.t.Helper()
	d.Connector.Remove(d.overview().Removal.Phase, disconnect, anyway)
}

// CancelRemoval presses Cancel, in a phase with the button.
func (d *desk) CancelRemoval() {
	d.t.Helper()
	if err := d.Connector.CancelRemoval(); err != nil {
		d.t.Error(err)
	}
}

// restart ends the program and launches another with the same data and keychain.
func (d *desk) restart() *desk {
	d.t.Helper()
	d.quit()
	next := newDeskAt(d.t, d.xero)
	next.folder, next.keychain, next.locks = d.folder, d.keychain, d.locks
	d.keychain.Fail = next.keychainError
	return next.launch()
}

// keychainError returns the failure of a keychain call.
func (d *desk) keychainError(method string) error {
	if fault := d.keychainFault.Load(); fault != nil {
		return (*fault)(method)
	}
	return nil
}

// keychainWorks ends the failures of the keychain.
func (d *desk) keychainWorks() { d.keychainFault.Store(nil) }

// keychainFails makes calls of a keychain method fail; "" means every method.
func (d *desk) keychainFails(method string, err error) {
	d.keychainFault.Store(new(func(called string) error {
		if method == "" || method == called {
			return err
		}
		return nil
	}))
}

// network is the HTTP transport to Xero. Tests can cut some addresses off.
type network struct {
	next http.RoundTripper
	cut  atomic.Pointer[string] // the end of a path, or nil
	// intercept, if not nil, is called before every request and before every answer. An
	// error replaces the answer.
	intercept atomic.Pointer[func() error]
}

func (l *network) RoundTrip(r *http.Request) (*http.Response, error) {
	if end := l.cut.Load(); end != nil && strings.HasSuffix(r.URL.Path, *end) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ENETUNREACH}
	}
	if err := l.intercepted(); err != nil {
		return nil, err
	}
	resp, err := l.next.RoundTrip(r)
	if lost := l.intercepted(); lost != nil && err == nil {
		_ = resp.Body.Close()
		return nil, lost
	}
	return resp, err
}

func (l *network) intercepted() error {
	if intercept := l.intercept.Load(); intercept != nil {
		return (*intercept)()
	}
	return nil
}

// Write receives the program's log.
func (d *desk) Write(p []byte) (int, error) {
	defer d.signal()
	return d.log.Write(p)
}

func (d *desk) logged() string { return d.log.String() }

// signal wakes every wait, after news for the window or a new log line.
func (d *desk) signal() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.changed)
	d.changed = make(chan struct{})
}

func (d *desk) overview() view.Overview {
	d.t.Helper()
	o, err := d.Overview(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return o
}

// rows returns the list, by name.
func (d *desk) rows() []view.Row {
	d.t.Helper()
	rows, err := d.Organisations(context.Background(), backend.Query{Sort: backend.ByName, Limit: 500})
	if err != nil {
		d.t.Fatal(err)
	}
	return rows.Rows
}

// row returns the only row with a name.
func (d *desk) row(name string) view.Row {
	d.t.Helper()
	rows := slices.DeleteFunc(d.rows(), func(r view.Row) bool { return r.Name != name })
	if len(rows) != 1 {
		d.t.Fatalf("%d rows have the name %s", len(rows), name)
	}
	return rows[0]
}

// until waits for a condition of the overview and returns the overview.
func (d *desk) until(what string, right func(view.Overview) bool) view.Overview {
	d.t.Helper()
	var o view.Overview
	d.wait(what, func() bool { o = d.overview(); return right(o) })
	return o
}

// wait waits for a condition and tests the condition after every signal.
func (d *desk) wait(what string, right func() bool) {
	d.t.Helper()
	patience := time.NewTimer(20 * time.Second)
	defer patience.Stop()
	for {
		d.mu.Lock()
		changed := d.changed
		d.mu.Unlock()
		if right() {
			return
		}
		select {
		case <-changed:
		case <-patience.C:
			d.t.Fatalf("timeout: %s: %+v\n%s", what, d.Shown(), d.logged())
		}
	}
}

// phase waits for a phase of the round.
func (d *desk) phase(want string) view.Progress {
	d.t.Helper()
	var p view.Progress
	d.wait(want, func() bool { p = d.Shown(); return p.Phase == want })
	return p
}

// failed waits for the failure of the round and returns the failure.
func (d *desk) failed() view.Failed {
	d.t.Helper()
	return *d.phase(rounds.Failed).Failed
}

// credential returns a person's credential in the keychain.
func (d *desk) credential(person string) (backend.Credential, error) {
	return d.keychain.Load(context.Background(), d.key(person))
}

func (d *desk) key(person string) backend.SignInKey {
	return rig.Key(d.xero, d.xero.World().Person(person))
}

func names(all []view.Name) []string {
	found := make([]string, len(all))
	for i, n := range all {
		found[i] = n.Name
	}
	slices.Sort(found)
	return found
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}
