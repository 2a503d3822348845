package stress_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simkeyring"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
)

// scene is the environment of the copies: a user's computer with a keyring, and
// Xero. [newScene] makes a scene.
type scene struct {
	t        *testing.T
	xero     *simxero.Server
	clock    *rig.Clock // Xero's
	ring     *simkeyring.Service
	bus      string
	home     string // the user's folder, with the locks of the sign-ins
	signedIn string // a data folder with every sign-in
	ports    []int  // of the registered redirect addresses
}

// newScene makes a scene in which each user has signed in and connected an
// organisation. prepare may install faults in the keyring.
func newScene(t *testing.T, users int, switches simxero.Switches, prepare func(*scene)) *scene {
	t.Helper()
	needDesktop(t)
	s := &scene{t: t, clock: &rig.Clock{}, ring: simkeyring.New(), home: memoryDir(t), signedIn: memoryDir(t)}
	s.xero = rig.StartXero(t, simxero.Options{World: world(users, users), Now: s.clock.Now, Switches: switches})
	if prepare != nil {
		prepare(s)
	}
	var end func()
	var err error
	s.bus, end, err = simkeyring.StartBus(context.Background())
	must(t, err)
	t.Cleanup(end)
	must(t, s.ring.Serve(s.bus))
	t.Cleanup(s.ring.Die)
	s.signIn()
	return s
}

// needDesktop skips the test on a computer without D-Bus. With CI or
// BOOKRING_TEST_KEYRING set, the test fails instead.
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

// world returns a world in which each organisation has one of the users, in turn,
// as Adviser.
func world(users, organisations int) simxero.World {
	var names []string
	for i := range organisations {
		names = append(names, fmt.Sprintf("Client %03d", i))
	}
	w := simxero.Named(names...)
	w.People = nil
	for i := range users {
		w.People = append(w.People, simxero.Person{
			GivenName: fmt.Sprintf("Person %02d", i), Email: fmt.Sprintf("%02d@penrose.example", i),
			ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i),
		})
	}
	clear(w.Roles)
	for i, o := range w.Organisations {
		w.SetRole(w.People[i%users].ID, o.ID, simxero.Adviser)
	}
	return w
}

// signIn signs every user in through the browser.
func (s *scene) signIn() {
	s.t.Helper()
	s.ports = rig.FreePorts(s.t, 2)
	addresses := (&oauth.Flow{Ports: s.ports}).RedirectAddresses()
	s.xero.Change(func(w *simxero.World) { w.Clients[0].RedirectAddresses = addresses })
	c := s.start(options{Folder: s.signedIn, Ports: s.ports})
	c.ready()
	defer c.kill()
	browser := s.xero.Visitor()
	for i, user := range s.xero.World().People {
		link := c.do(command{Do: "connect"}).Link
		address, err := browser.Allow(s.t.Context(), link, user.Name(), s.xero.World().Organisations[i].Name)
		must(s.t, err)
		_, err = browser.Open(s.t.Context(), address)
		must(s.t, err)
		c.do(command{Do: "connected"})
	}
	c.do(command{Do: "check"}) // ends after the details are read
}

// folder returns a new data folder with every sign-in.
func (s *scene) folder() string {
	s.t.Helper()
	folder := memoryDir(s.t)
	for _, end := range []string{"", "-wal"} {
		image, err := os.ReadFile(filepath.Join(s.signedIn, sqlite.FileName+end))
		if !os.IsNotExist(err) {
			must(s.t, err)
			must(s.t, os.WriteFile(filepath.Join(folder, sqlite.FileName+end), image, 0o600))
		}
	}
	return folder
}

// events returns the number of events at Xero by kind.
func (s *scene) events() map[simxero.EventKind]int {
	count := map[simxero.EventKind]int{}
	for _, e := range s.xero.Events() {
		count[e.Kind]++
	}
	return count
}

// finalCheck runs a copy without faults on a data folder. The copy completes
// interrupted work, checks every sign-in and reports the list.
func (s *scene) finalCheck(folder string, b bug) report {
	s.t.Helper()
	c := s.start(options{Folder: folder, Bug: b})
	c.ready()
	defer c.kill()
	c.do(command{Do: "start"})
	return c.do(command{Do: "check", Ahead: accessLife})
}

// except returns the number of organisations with another status.
func (r report) except(status backend.Status) (n int) {
	for _, is := range r.Status {
		if is != status {
			n++
		}
	}
	return n
}

// memoryDir returns a temporary folder, in memory if the system has a file system
// in memory: much faster than a disk, and equally safe against kills.
func memoryDir(t *testing.T) string {
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
