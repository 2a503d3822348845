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

// desk is where somebody works with Bookring: the program with its real
// adapters, their browser, their keychain, and Xero. What a test wants to be
// different it changes before [desk.sit].
type desk struct {
	connect.Config
	*connect.Connector
	ports *rig.Ports
	t     *testing.T
	xero  *simxero.Server
	flow  *oauth.Flow
	line  *line
	// browser is where the person is; Browse only notes the link.
	browser  *simxero.Visitor
	opened   chan string
	keychain *keychain.Memory
	register *sqlite.Register
	trouble  atomic.Pointer[func(method string) error] // of the keychain
	folder   string
	ahead    rig.Clock                                                  // the program's
	ticks    chan struct{}                                              // see hurry
	waiting  atomic.Pointer[func(context.Context, time.Duration) error] // see waits
	locks    *rig.Locks
	leave    func() // ends the program

	log     rig.Journal
	mu      sync.Mutex
	changed chan struct{} // closed at the next wake
}

// newDesk prepares a desk in a world of its own.
func newDesk(t *testing.T, w simxero.World) *desk {
	t.Helper()
	return deskAt(t, rig.StartXero(t, simxero.Options{World: w}))
}

// deskAt prepares a desk, whose app Xero then knows.
func deskAt(t *testing.T, server *simxero.Server) *desk {
	t.Helper()
	d := &desk{
		t: t, xero: server, browser: server.Visitor(), opened: make(chan string, 16),
		keychain: &keychain.Memory{}, folder: t.TempDir(), changed: make(chan struct{}),
		ticks: make(chan struct{}), locks: &rig.Locks{},
	}
	d.keychain.Fail = d.ask
	client := rig.HTTPClient(t)
	d.line = &line{next: client.Transport}
	client.Transport = d.line
	log := slog.New(slog.NewTextHandler(d, nil))
	d.flow = &oauth.Flow{Discovery: server.Discovery(), HTTP: client, Log: log, Ports: rig.FreePorts(t, 2)}
	server.Change(func(w *simxero.World) { w.Clients[0].RedirectAddresses = d.flow.RedirectAddresses() })
	d.ports = &rig.Ports{
		Authoriser: rig.Server{Flow: d.flow}, Xero: &xero.Client{Base: server.APIBase(), HTTP: client}, Keychain: d.keychain,
	}
	d.Config = connect.Config{
		ClientID: simxero.DemoClientID, ClientIDFrom: connect.FromEnvironment,
		RedirectAddresses: d.flow.RedirectAddresses(), CloseListener: d.flow.Close,
		Now: d.ahead.Now, Notify: d.wake, Log: log,
	}
	d.Renewal.Session = &keychain.Memory{}
	d.Renewal.Lock = func(ctx context.Context, key backend.SignInKey) (func(), error) { return d.locks.Lock(ctx, key) }
	d.Rounds.Browse = func(link string) error { d.opened <- link; return nil }
	return d
}

// open opens the register, for a test that changes the configuration afterwards.
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

// sit starts the program; it ends with the test.
func (d *desk) sit() *desk {
	d.t.Helper()
	if d.register == nil {
		d.open()
	}
	d.assemble()
	register := d.register
	d.leave = sync.OnceFunc(func() {
		d.Close()
		if err := register.Close(); err != nil {
			d.t.Error(err)
		}
	})
	d.t.Cleanup(d.leave)
	return d
}

// assemble makes the program's parts anew, from the configuration. The functions of the
// configuration can change later, while the program is idle; the values cannot.
func (d *desk) assemble() {
	c := d.Config
	c.Now = func() time.Time { return d.Now() }
	c.Pause = func(ctx context.Context, pause time.Duration) error {
		return task.NewClock(nil, d.Pause).Pause(ctx, pause)
	}
	if d.Remind != nil {
		c.Remind = func(ctx context.Context, title, text string) error { return d.Remind(ctx, title, text) }
	}
	c.Rounds.Browse = func(link string) error { return d.Rounds.Browse(link) }
	c.Removal.Files = func() backend.FileCounts { return d.Removal.Files() }
	c.Removal.Erase = func() []backend.Leftover { return d.Removal.Erase() }
	d.Connector = connect.New(c)
}

// sitDown is a desk in a world where everything works.
func sitDown(t *testing.T, w simxero.World) *desk {
	t.Helper()
	return newDesk(t, w).sit()
}

// CheckNow presses the button of that name; it fails only where nothing can be
// written.
func (d *desk) CheckNow() {
	d.t.Helper()
	if err := d.Connector.CheckNow(context.Background()); err != nil {
		d.t.Error(err)
	}
}

// restart ends the program and starts it again, with the same data and the same
// keychain.
func (d *desk) restart() *desk {
	d.t.Helper()
	d.leave()
	next := deskAt(d.t, d.xero)
	next.folder, next.keychain, next.locks = d.folder, d.keychain, d.locks
	d.keychain.Fail = next.ask
	return next.sit()
}

// ask is the keychain's question whether something is wrong with it.
func (d *desk) ask(method string) error {
	if trouble := d.trouble.Load(); trouble != nil {
		return (*trouble)(method)
	}
	return nil
}

// keychainFails lets calls of a method of the keychain fail, "" for all; nil mends it.
func (d *desk) keychainFails(method string, err error) {
	d.trouble.Store(new(func(called string) error {
		if method == "" || method == called {
			return err
		}
		return nil
	}))
}

// line is the way to Xero. It can be cut for some of the addresses.
type line struct {
	next http.RoundTripper
	cut  atomic.Pointer[string] // the end of a path, or nil
	// meet, if not nil, is told of every request before it leaves and again
	// before its answer is given; an error takes its place.
	meet atomic.Pointer[func() error]
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	if end := l.cut.Load(); end != nil && strings.HasSuffix(r.URL.Path, *end) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ENETUNREACH}
	}
	if err := l.met(); err != nil {
		return nil, err
	}
	resp, err := l.next.RoundTrip(r)
	if lost := l.met(); lost != nil && err == nil {
		_ = resp.Body.Close()
		return nil, lost
	}
	return resp, err
}

func (l *line) met() error {
	if meet := l.meet.Load(); meet != nil {
		return (*meet)()
	}
	return nil
}

// Write takes the program's log.
func (d *desk) Write(p []byte) (int, error) {
	defer d.wake()
	return d.log.Write(p)
}

func (d *desk) logged() string { return d.log.String() }

// wake lets whoever waits look again: something was said to the window, or
// written to the log.
func (d *desk) wake() {
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

// row returns the one row of a name.
func (d *desk) row(name string) view.Row {
	d.t.Helper()
	rows := slices.DeleteFunc(d.rows(), func(r view.Row) bool { return r.Name != name })
	if len(rows) != 1 {
		d.t.Fatalf("%d rows are called %s", len(rows), name)
	}
	return rows[0]
}

// until returns the overview as soon as it is as wanted.
func (d *desk) until(what string, right func(view.Overview) bool) view.Overview {
	d.t.Helper()
	var o view.Overview
	d.wait(what, func() bool { o = d.overview(); return right(o) })
	return o
}

// wait looks whenever something has changed whether it is as wanted.
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
			d.t.Fatalf("waited in vain for %s: %+v\n%s", what, d.Shown(), d.logged())
		}
	}
}

// phase waits until the sign-in in the window has come to a phase.
func (d *desk) phase(want string) view.Progress {
	d.t.Helper()
	var p view.Progress
	d.wait(want, func() bool { p = d.Shown(); return p.Phase == want })
	return p
}

// failed waits until the sign-in in the window has failed, and returns with what.
func (d *desk) failed() view.Failed {
	d.t.Helper()
	return *d.phase(rounds.Failed).Failed
}

// credential returns what the keychain holds for a person.
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
