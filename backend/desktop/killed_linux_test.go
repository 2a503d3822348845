package desktop_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"bookring/backend/desktop"
)

// doomedFolder is set in a process that opens and removes every data set until killed.
const doomedFolder = "BOOKRING_TEST_DOOMED"

func TestDoomed(t *testing.T) {
	folder := os.Getenv(doomedFolder)
	if folder == "" {
		t.Skip("only in a process of its own")
	}
	for step := 0; ; {
		say := func(string) { step++; fmt.Println("step", step) } // to the parent
		say("")
		everyOperation(t, folder, say)
	}
}

// A killed run, at any operation, changes no file of the user; the next run finds the data
// in the same folder, and a removal leaves no file of Bookring. (An empty folder can stay: the
// next run cannot know that the killed run made the folder.)
func TestAKilledRunLeavesTheUsersFilesAsTheyAre(t *testing.T) {
	for name, planted := range map[string][]string{"with other files": near, "missing": nil} {
		t.Run(name, func(t *testing.T) {
			newAccount(t)
			folder := filepath.Join(t.TempDir(), "data")
			out, names := outside(t, planted)
			plantAll(t, folder, names...)
			want := folder
			if planted == nil {
				if err := os.Remove(folder); err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
			} else {
				want = filepath.Join(folder, subfolder)
			}
			before, beforeOut := map[string]string{}, snapshot(t, out)
			if planted != nil {
				before = snapshot(t, folder)
			}
			for steps := 1; steps < 20; steps++ {
				killAfter(t, folder, steps)
				unchanged(t, fmt.Sprintf("a kill after %d steps", steps), before, snapshot(t, filepath.Dir(folder)))
				data := open(t, desktop.Environment{DataDir: folder})
				if data.Path != want {
					t.Fatalf("after %d steps: %s among %v", steps, data.Path, snapshot(t, want))
				}
				data.Close()
			}
			everyOperation(t, folder, func(string) {})
			same(t, snapshot(t, out), beforeOut)
			unchanged(t, "the removal", before, snapshot(t, filepath.Dir(folder)))
			for path, now := range snapshot(t, filepath.Dir(folder)) {
				if before[path] == "" && now[0] != 'd' {
					t.Errorf("left is %s", path)
				}
			}
		})
	}
}

// killAfter kills a process after a number of steps.
func killAfter(t *testing.T, folder string, steps int) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDoomed$", "-test.timeout=60s")
	child.Env = append(os.Environ(), doomedFolder+"="+folder)
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	for range steps {
		if !lines.Scan() {
			t.Errorf("the process ended by itself: %v", lines.Err())
			break
		}
	}
	_ = child.Process.Kill()
	_ = child.Wait()
}
