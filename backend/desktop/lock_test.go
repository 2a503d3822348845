package desktop_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"bookring/backend"
	"bookring/backend/desktop"
)

func TestASecondCopyIsKeptOutAsLongAsTheFirstLives(t *testing.T) {
	folder := t.TempDir()
	first := holder(t, folder)
	if _, err := desktop.Lock(folder); backend.AsFailure(err) == nil || backend.AsFailure(err).Code != backend.AlreadyRunning {
		t.Fatalf("the second copy: %v", err)
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	release, err := desktop.Lock(folder)
	if err != nil {
		t.Fatalf("after the first was killed: %v", err)
	}
	release()
	private(t, filepath.Join(folder, "lock"), 0o600)
}

func TestALockThatIsReleasedCanBeTakenAgain(t *testing.T) {
	folder := t.TempDir()
	for range 3 {
		release, err := desktop.Lock(folder)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := desktop.Lock(folder); err == nil {
			t.Fatal("locked twice")
		}
		release()
		release()
	}
}

func TestTwoFoldersAreTwoLocks(t *testing.T) {
	holder(t, t.TempDir())
	release, err := desktop.Lock(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	release()
}

func TestWithoutAFolderThereIsNoLock(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "missing")
	_, err := desktop.Lock(folder)
	if f := backend.AsFailure(err); f == nil || f.Code != backend.DataFolderFailed || f.Detail != folder {
		t.Errorf("%v", f)
	}
}

// holder is another process that holds the lock of folder until it is killed.
func holder(t *testing.T, folder string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHoldTheLock$")
	cmd.Env = append(os.Environ(), "BOOKRING_TEST_LOCK="+folder)
	return holding(t, cmd)
}

// holding starts a process that says when it holds a lock, and holds it until
// it is killed.
func holding(t *testing.T, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	_, err := cmd.StdinPipe() // ends with this process, and the holder with it
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the holder said %q, %v", line, err)
	}
	return cmd
}

func TestHoldTheLock(t *testing.T) {
	folder := os.Getenv("BOOKRING_TEST_LOCK")
	if folder == "" {
		return // not the holder
	}
	if _, err := desktop.Lock(folder); err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdout.WriteString("locked\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}
