package keychain_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
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

const busConfig = `<busconfig>
  <type>session</type>
  <listen>unix:dir=DIR</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// startBus starts a session bus on which nothing is, and nothing starts by
// itself, and returns its address. It ends with the test.
func startBus(t *testing.T) string {
	t.Helper()
	need(t, "dbus-daemon")
	dir := shortDir(t)
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(busConfig, "DIR", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.CommandContext(t.Context(), "dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address")
	return strings.TrimSpace(start(t, daemon))
}

// start starts a daemon, which the test ends, and returns its first line.
func start(t *testing.T, daemon *exec.Cmd) string {
	t.Helper()
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = daemon.Process.Kill()
		_ = daemon.Wait() // Its end by that kill is no news.
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("start %s: %v", daemon.Path, err)
	}
	return line
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
