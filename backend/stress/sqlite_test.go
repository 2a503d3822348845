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

// sqliteTests returns a row for tests of another package. share is the number of
// subtests of a test, among which the size of the row is divided.
func sqliteTests(folder, tests string, share int) func(t *testing.T, size int) string {
	return func(t *testing.T, size int) string {
		t.Helper()
		if slow > 1 {
			t.Skip("runs with the other tests of the package")
		}
		each := (size + share - 1) / share
		run := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-timeout=0", "-v", "-run="+tests, "bookring/backend/"+folder)
		run.Env = append(os.Environ(), "BOOKRING_STRESS="+strconv.Itoa(each))
		out, err := run.CombinedOutput()
		passed := passes.FindAll(out, -1)
		if err != nil || len(passed) == 0 {
			t.Errorf("%d tests passed, %v\n%s", len(passed), err, out)
		}
		for _, line := range bytes.Split(out, []byte("\n")) {
			if bytes.Contains(line, []byte("_test.go:")) {
				t.Log(string(bytes.TrimSpace(line)))
			}
		}
		return fmt.Sprintf("%d tests of %s passed, %d rounds each", len(passed), folder, each)
	}
}

var passes = regexp.MustCompile(`(?m)^--- PASS`)
