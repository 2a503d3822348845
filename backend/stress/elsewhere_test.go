package stress_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// elsewhere is a row whose test stands beside what it tests. It is run as by
// hand, so many times over; each does a share of the size in a run.
func elsewhere(room, test string, share int) func(t *testing.T, size int) string {
	return func(t *testing.T, size int) string {
		t.Helper()
		if slow > 1 {
			t.Skip("runs with the other tests of its room")
		}
		each := (size + share - 1) / share
		run := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-timeout=0", "-v", "-run="+test, "bookring/backend/"+room)
		run.Env = append(os.Environ(), "BOOKRING_STRESS="+strconv.Itoa(each))
		out, err := run.CombinedOutput()
		passed := passes.FindAll(out, -1)
		if err != nil || len(passed) == 0 {
			t.Errorf("%v\n%s", err, out)
		}
		for _, line := range bytes.Split(out, []byte("\n")) {
			if bytes.Contains(line, []byte("_test.go:")) {
				t.Log(string(bytes.TrimSpace(line)))
			}
		}
		return fmt.Sprintf("%d tests of %s passed, %d rounds each", len(passed), room, each)
	}
}

var passes = regexp.MustCompile(`(?m)^--- PASS`)
