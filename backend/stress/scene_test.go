package stress_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/simkeyring"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
)

// scene is a user of a computer, with Xero and a keyring, in which copies of
// Bookring live and die. The zero value is not usable: see [newScene].
type scene struct {
	t    *testing.T
	xero *simxero.Server
	// clock is Xero's.
	clock *clock
	ring  *simkeyring.Service
	bus   string
	home  string // of the user: the locks are in it
	// signedIn is a data folder in which everybody has signed in.
	signedIn string
}

// newScene makes a scene in which people have signed in, one organisation each.
// What prepare changes of the keyring goes wrong from then on.
func newScene(t *testing.T, people int, switches simxero.Switches, prepare func(*scene)) *scene {
	t.Helper()
	needDesktop(t)
	s := &scene{t: t, clock: &clock{}, ring: simkeyring.New(), home: swiftDir(t), signedIn: swiftDir(t)}
	var err error
	s.xero, err = simxero.New(simxero.Options{World: firm(people, people), Now: s.clock.now, Switches: switches})
	must(t, err)
	t.Cleanup(s.xero.Close)
	if prepare != nil {
		prepare(s)
	}
	var end func()
	s.bus, end, err = simkeyring.StartBus(context.Background())
	must(t, err)
	t.Cleanup(end)
	must(t, s.ring.Serve(s.bus))
	t.Cleanup(s.ring.Die)
	s.signIn()
	return s
}

// needDesktop ends the test where there is no keyring over D-Bus: as a failure
// where the keychain must be tested, and otherwise as skipped.
func needDesktop(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath(simkeyring.BusProgram)
	switch {
	case runtime.GOOS == "linux" && err == nil:
	case os.Getenv("CI") == "true" || os.Getenv("BOOKRING_TEST_KEYRING") == "1":
		t.Fatalf("%s is not installed", simkeyring.BusProgram)
	default:
		t.Skip("the copies need the keyring of a Linux desktop")
	}
}

// firm is a world of people and organisations. Each organisation has one person
// who is its adviser, in turn.
func firm(people, organisations int) simxero.World {
	var names []string
	for i := range organisations {
		names = append(names, fmt.Sprintf("Client %03d", i))
	}
	w := simxero.Named(names...)
	w.People = nil
	for i := range people {
		w.People = append(w.People, simxero.Person{
			GivenName: fmt.Sprintf("Person %02d", i), Email: fmt.Sprintf("%02d@penrose.example", i),
			ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i),
		})
	}
	clear(w.Roles)
	for i, o := range w.Organisations {
		w.Roles[simxero.Membership{Person: w.People[i%people].ID, Organisation: o.ID}] = simxero.Adviser
	}
	return w
}

// signIn lets everybody sign in, through the browser as ever.
func (s *scene) signIn() {
	s.t.Helper()
	ports := freePorts(s.t)
	var addresses []string
	for _, port := range ports {
		addresses = append(addresses, fmt.Sprintf("http://localhost:%d/callback", port))
	}
	s.xero.Change(func(w *simxero.World) { w.Clients[0].RedirectAddresses = addresses })
	c := s.start(orders{Folder: s.signedIn, Ports: ports})
	c.ready()
	defer c.kill()
	browser := s.xero.Visitor()
	for i, person := range s.xero.World().People {
		link := c.do(command{Do: "connect"}).Link
		address, err := browser.Allow(s.t.Context(), link, person.Name(), s.xero.World().Organisations[i].Name)
		must(s.t, err)
		_, err = browser.Open(s.t.Context(), address)
		must(s.t, err)
		c.do(command{Do: "connected"})
	}
	c.do(command{Do: "check"}) // when it ends, the details are there too
}

// folder returns another data folder in which everybody has signed in.
func (s *scene) folder() string {
	s.t.Helper()
	folder := swiftDir(s.t)
	for _, end := range []string{"", "-wal"} {
		image, err := os.ReadFile(filepath.Join(s.signedIn, sqlite.FileName+end))
		if !os.IsNotExist(err) {
			must(s.t, err)
			must(s.t, os.WriteFile(filepath.Join(folder, sqlite.FileName+end), image, 0o600))
		}
	}
	return folder
}

// events counts what happened at Xero.
func (s *scene) events() map[simxero.EventKind]int {
	count := map[simxero.EventKind]int{}
	for _, e := range s.xero.Events() {
		count[e.Kind]++
	}
	return count
}

// copyOf is a copy of the program, seen from outside.
type copyOf struct {
	t       *testing.T
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	dead    atomic.Bool
}

// longest is how long a copy may take for anything that it is told.
const longest = 90 * time.Second

// start starts a copy; it is ready when [copyOf.ready] says so.
func (s *scene) start(o orders) *copyOf {
	s.t.Helper()
	o.Discovery, o.API = s.xero.Discovery(), s.xero.APIBase()
	encoded, err := json.Marshal(o)
	must(s.t, err)
	c := &copyOf{t: s.t, process: exec.CommandContext(context.Background(), os.Args[0])}
	c.process.Env = append(os.Environ(),
		copyOrders+"="+string(encoded), "DBUS_SESSION_BUS_ADDRESS="+s.bus, "XDG_DATA_HOME="+s.home,
		"GORACE=atexit_sleep_ms=0", "GOMAXPROCS=2")
	c.process.Stderr = os.Stderr
	c.in, err = c.process.StdinPipe()
	must(s.t, err)
	out, err := c.process.StdoutPipe()
	must(s.t, err)
	c.out = bufio.NewReader(out)
	must(s.t, c.process.Start())
	s.t.Cleanup(c.kill)
	return c
}

// ready waits until a copy has started.
func (c *copyOf) ready() report {
	c.t.Helper()
	return c.answer()
}

// do tells a copy to do something, and returns its answer.
func (c *copyOf) do(what command) report {
	c.t.Helper()
	c.tell(what)
	return c.answer()
}

func (c *copyOf) tell(what command) {
	c.t.Helper()
	encoded, err := json.Marshal(what)
	must(c.t, err)
	_, err = fmt.Fprintln(c.in, string(encoded))
	must(c.t, err)
}

// answer returns the next line that a copy says.
func (c *copyOf) answer() (r report) {
	c.t.Helper()
	late := time.AfterFunc(longest, func() { c.end() })
	defer late.Stop()
	line, err := c.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &r)
	}
	if err != nil {
		c.t.Fatalf("no answer: %v", err)
	}
	return r
}

// end sends SIGKILL.
func (c *copyOf) end() { _ = c.process.Process.Kill() }

// kill ends a copy, and returns when it is gone.
func (c *copyOf) kill() {
	if c.dead.CompareAndSwap(false, true) {
		c.end()
		_ = c.process.Wait() // its end by that kill is no news
	}
}

// calm returns what a copy that nothing disturbs finds in a folder: the list,
// once the start has taken up whatever was cut off.
func (s *scene) calm(folder string, w wrong) report {
	s.t.Helper()
	c := s.start(orders{Folder: folder, Wrong: w})
	c.ready()
	defer c.kill()
	c.do(command{Do: "start"})
	return c.do(command{Do: "check", Ahead: accessLife})
}

// not counts the organisations that have not a status.
func (r report) not(status backend.Status) (n int) {
	for _, is := range r.Status {
		if is != status {
			n++
		}
	}
	return n
}

var nextPort atomic.Int32

// freePorts returns two ports that nobody listens on, below those that the
// system hands out.
func freePorts(t *testing.T) (ports []int) {
	t.Helper()
	for len(ports) < 2 {
		port := 12_000 + (os.Getpid()*97+int(nextPort.Add(1)))%18_000
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		defer func() { _ = l.Close() }()
		ports = append(ports, port)
	}
	return ports
}

// swiftDir returns a folder in memory where the system has such: a program that is
// killed loses no more there than on a disk.
func swiftDir(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "stress")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { must(t, os.RemoveAll(folder)) })
	return folder
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
