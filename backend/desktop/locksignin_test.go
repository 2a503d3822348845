package desktop_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/desktop"
)

// user is a user of this computer who is new to Bookring; only on Linux can a
// test be one.
func user(t *testing.T) (folder string) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	if got, err := desktop.Folder(""); err != nil || got != filepath.Join(home, "bookring") {
		t.Skipf("the data of this system's users is in %s, %v", got, err)
	}
	return filepath.Join(home, "bookring")
}

func signInOf(person string) backend.SignInKey {
	return backend.SignInKey{Issuer: "https://identity.xero.com", ClientID: "client", UserID: person}
}

// renewer is another process that renews Jo's sign-in until it is killed.
func renewer(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHoldTheSignIn$")
	cmd.Env = append(os.Environ(), "BOOKRING_TEST_SIGN_IN=jo")
	return holding(t, cmd)
}

func TestHoldTheSignIn(t *testing.T) {
	person := os.Getenv("BOOKRING_TEST_SIGN_IN")
	if person == "" {
		return // not the renewer
	}
	if _, err := desktop.LockSignIn(t.Context(), signInOf(person)); err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdout.WriteString("locked\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func patience(t *testing.T, d time.Duration) {
	t.Helper()
	before := desktop.SetLockPatience(d)
	t.Cleanup(func() { desktop.SetLockPatience(before) })
}

func code(err error) backend.Code {
	if f := backend.AsFailure(err); f != nil {
		return f.Code
	}
	return ""
}

func TestOneProgramAtATimeRenewsASignIn(t *testing.T) {
	folder := user(t)
	first := renewer(t)

	patience(t, 200*time.Millisecond)
	if _, err := desktop.LockSignIn(t.Context(), signInOf("jo")); code(err) != backend.SignInBusy {
		t.Errorf("while another does: %v", err)
	}
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("sam"))
	if err != nil {
		t.Fatalf("another sign-in: %v", err)
	}
	unlock()

	patience(t, time.Minute)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		unlock, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
		if err != nil {
			t.Errorf("after the other was killed: %v", err)
			return
		}
		unlock()
	})
	if err := first.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	_ = first.Wait()
	waiting.Wait()

	private(t, filepath.Join(folder, "locks"), 0o700)
	files, err := os.ReadDir(filepath.Join(folder, "locks"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%d lock files, %v: one for each sign-in, never deleted", len(files), err)
	}
	for _, file := range files {
		private(t, filepath.Join(folder, "locks", file.Name()), 0o600)
	}
}

func TestARenewalOfTheSameProgramWaitsForTheOneBefore(t *testing.T) {
	user(t)
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
	if err != nil {
		t.Fatal(err)
	}
	patience(t, 100*time.Millisecond)
	if _, err := desktop.LockSignIn(t.Context(), signInOf("jo")); code(err) != backend.SignInBusy {
		t.Errorf("locked twice: %v", err)
	}
	unlock()
	unlock, err = desktop.LockSignIn(t.Context(), signInOf("jo"))
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestWaitingForAnotherProgramCanBeCancelled(t *testing.T) {
	user(t)
	renewer(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := desktop.LockSignIn(ctx, signInOf("jo")); code(err) != backend.Cancelled {
		t.Error(err)
	}
}

// overdue is a context that has ended when it is asked, and says so to nobody who
// only waits for it.
type overdue struct{ context.Context }

func (overdue) Err() error { return context.Canceled }

// The lock used to be kept by a call that was cancelled in the moment in which it
// came: nothing renewed the sign-in until the program ended.
func TestALockThatComesAtTheLastMomentCanBeLetGoOf(t *testing.T) {
	user(t)
	if unlock, err := desktop.LockSignIn(overdue{t.Context()}, signInOf("jo")); err == nil {
		unlock()
	}
	patience(t, 100*time.Millisecond)
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestWithoutALockNothingIsRenewed(t *testing.T) {
	folder := user(t)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "locks"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
	if code(err) != backend.DataFolderFailed {
		t.Error(err)
	}
}
