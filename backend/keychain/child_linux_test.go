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

// The library uses the session bus of the process. Therefore a test with a separate
// bus runs twice: the first run starts the bus and runs the test again in a child
// process; the second run, in the child process, tests.

const childOf = "BOOKRING_KEYCHAIN_CHILD_OF"

// inChild reports whether the test is the second run.
func inChild(t *testing.T) bool { return os.Getenv(childOf) == t.Name() }

// runAgain runs the calling test in a child process with additional environment
// variables.
func runAgain(t *testing.T, env ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(t.Name()), "/", "$/^") + "$"
	child := exec.CommandContext(t.Context(), self, "-test.run="+pattern, "-test.v", "-test.timeout="+timeLeft(t).String())
	// Otherwise the race detector waits a second at the end of each process.
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

// timeLeft returns the remaining time of the calling test; 0 means no limit.
func timeLeft(t *testing.T) time.Duration {
	deadline, ok := t.Deadline()
	if !ok {
		return 0
	}
	return max(time.Until(deadline)-time.Second, time.Second)
}

// need skips the test if a program is missing, or fails the test if CI or
// BOOKRING_TEST_KEYRING requires the keychain tests.
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

// startBus starts a session bus for the test and returns the address.
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

// serve registers a service on a bus until the end of the test.
func serve(t *testing.T, s *simkeyring.Service, bus string) {
	t.Helper()
	if err := s.Serve(bus); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Die)
}

// shortDir returns a directory with a short path, because the address of a socket
// has at most 108 bytes.
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

// soon is longer than every operation of the tests that does not hang.
const soon = 20 * time.Second
