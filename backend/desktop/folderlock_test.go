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

func TestASecondCopyIsRefusedWhileTheFirstRuns(t *testing.T) {
	folder := t.TempDir()
	first := holder(t, folder)
	if _, err := desktop.Lock(folder); code(err) != backend.AlreadyRunning {
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

func TestAReleasedLockCanBeTakenAgain(t *testing.T) {
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

func TestTwoFoldersHaveTwoLocks(t *testing.T) {
	holder(t, t.TempDir())
	release, err := desktop.Lock(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	release()
}

func TestAMissingFolderCannotBeLocked(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "missing")
	_, err := desktop.Lock(folder)
	if f := backend.AsFailure(err); f == nil || f.Code != backend.DataFolderFailed || f.Detail != folder {
		t.Errorf("%v", f)
	}
}

func TestALockOnADeletedFileDoesNotCount(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "lock")
	release, err := desktop.Lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Skip("this system deletes no open file")
	}
	release()
	again, err := desktop.Lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer again()
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the second lock has no file: %v", err)
	}
}

// holder starts another process with the lock of folder, until the process is
// killed.
func holder(t *testing.T, folder string) *exec.Cmd {
	t.Helper()
	return startHolder(t, "TestHoldTheFolderLock", "BOOKRING_TEST_LOCK="+folder)
}

// startHolder runs a test in another process, waits for the lock, and kills the
// process after the caller's test.
func startHolder(t *testing.T, test, variable string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), variable)
	_, err := cmd.StdinPipe() // closed at the end of this process; the holder then ends
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
		t.Fatalf("the holder printed %q, %v", line, err)
	}
	return cmd
}

func TestHoldTheFolderLock(t *testing.T) {
	folder := os.Getenv("BOOKRING_TEST_LOCK")
	if folder == "" {
		return // this process is not the holder
	}
	_, err := desktop.Lock(folder)
	hold(t, err)
}

// hold reports a lock to the parent process and returns when the parent ends.
func hold(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdout.WriteString("locked\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}
