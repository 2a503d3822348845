package oauth_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"bookring/backend"
)

const crowdedEnv = "BOOKRING_TEST_CROWDED"

// TestMoreClientsThanFileDescriptorsDoNotExcludeTheBrowser runs the listener in a
// process that may open very few files.
func TestMoreClientsThanFileDescriptorsDoNotExcludeTheBrowser(t *testing.T) {
	if os.Getenv(crowdedEnv) != "" {
		listenCrowded(t)
		return
	}
	listener := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	listener.Env = append(os.Environ(), crowdedEnv+"=1")
	out, err := listener.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	var port int
	var state string
	if _, err := fmt.Fscanln(lines, &port, &state); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		conn, err := connect(port)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // the connection sends no request
	}
	begun := time.Now()
	got, err := ask(port, request(port, "/callback?error=access_denied&state="+state))
	if took := time.Since(begun); err != nil || got.status != http.StatusSeeOther || took > time.Second {
		t.Errorf("answered %d after %v, %v", got.status, took, err)
	}
	_, _ = io.Copy(io.Discard, lines)
	if err := listener.Wait(); err != nil {
		t.Error(err)
	}
}

func listenCrowded(t *testing.T) {
	s := alone(t)
	a := s.begin()
	few := syscall.Rlimit{Cur: 64, Max: 64}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	fmt.Println(portOf(t, a), param(t, a.Link(), "state"))
	fails(t, (<-s.follow(a)).err, backend.Refused, "")
}
