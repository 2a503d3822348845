package keychain_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"bookring/backend/simkeyring"
)

// The library talks to the one session bus of its process. Therefore a test
// that needs a bus of its own is run twice: the first time it starts the bus,
// and runs itself again in a process that knows no other; the second time,
// there, it tests.

const childOf = "BOOKRING_KEYCHAIN_CHILD_OF"

// inChild reports whether this is the second time.
func inChild(t *testing.T) bool { return os.Getenv(childOf) == t.Name() }

// runAgain runs the calling test again with these variables added to the
// environment.
func runAgain(t *testing.T, env ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(t.Name()), "/", "$/^") + "$"
	child := exec.CommandContext(t.Context(), self, "-test.run="+pattern, "-test.v", "-test.timeout="+timeLeft(t).String())
	// The race detector would wait a second for the end of each process.
	child.Env = append(append(os.Environ(), childOf+"="+t.Name(), "GORACE=atexit_sleep_ms=0"), env...)
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()+" ") {
		t.Errorf("in a process of its own: %v\n%s", err, out)
		return
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "_test.go:") {
			t.Log(strings.TrimSpace(line))
		}
	}
}

// timeLeft returns how long the calling test may still take; 0 is for ever.
func timeLeft(t *testing.T) time.Duration {
	deadline, ok := t.Deadline()
	if !ok {
		return 0
	}
	return max(time.Until(deadline)-time.Second, time.Second)
}

// need ends the test if a program is missing: as a failure where the keychain
// must be tested, and otherwise as skipped.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" || os.Getenv("BOOKRING_TEST_KEYRING") == "1" {
			t.Fatalf("%s is not installed", p)
		}
		t.Skipf("%s is not installed, so the keychain of a Linux desktop cannot be tested here", p)
	}
}

// startBus starts a session bus of the test's own, and returns its address.
func startBus(t *testing.T) string {
	t.Helper()
	need(t, simkeyring.BusProgram)
	address, end, err := simkeyring.StartBus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	return address
}

// serve puts a service on a bus; it leaves it at the end of the test.
func serve(t *testing.T, s *simkeyring.Service, bus string) {
	t.Helper()
	if err := s.Serve(bus); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Die)
}

// shortDir returns a directory whose path leaves room for the name of a socket
// within the 108 bytes that a socket's address has.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ring")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// soon is longer than anything takes here that does not hang.
const soon = 20 * time.Second
