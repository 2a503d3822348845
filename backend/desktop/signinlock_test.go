package desktop_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/desktop"
	"bookring/backend/desktop/datafolder"
)

// user sets an empty data folder for the test and returns the base folder. Only
// Linux has a variable for the folder.
func user(t *testing.T) (folder string) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	if got, err := datafolder.Base(""); err != nil || got != filepath.Join(home, "bookring") {
		t.Skipf("the data folder of this system is %s, %v", got, err)
	}
	return filepath.Join(home, "bookring")
}

func signInOf(person string) backend.SignInKey {
	return backend.SignInKey{Issuer: "https://identity.xero.com", ClientID: "client", UserID: person}
}

// digestOfJo is the name of the lock of Jo's sign-in, in every version.
const digestOfJo = "81caf3fd609e"

// renewer starts another process with the lock of Jo's sign-in, until the process
// is killed.
func renewer(t *testing.T) *exec.Cmd {
	t.Helper()
	return startHolder(t, "TestHoldTheSignInLock", "BOOKRING_TEST_SIGN_IN=jo")
}

func TestHoldTheSignInLock(t *testing.T) {
	person := os.Getenv("BOOKRING_TEST_SIGN_IN")
	if person == "" {
		return // this process is not the renewer
	}
	_, err := desktop.LockSignIn(t.Context(), signInOf(person))
	hold(t, err)
}

func setTimeout(t *testing.T, d time.Duration) {
	t.Helper()
	before := desktop.SetSignInLockTimeout(d)
	t.Cleanup(func() { desktop.SetSignInLockTimeout(before) })
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

	setTimeout(t, 200*time.Millisecond)
	if _, err := desktop.LockSignIn(t.Context(), signInOf("jo")); code(err) != backend.SignInBusy {
		t.Errorf("while another program renews: %v", err)
	}
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("sam"))
	if err != nil {
		t.Fatalf("another sign-in: %v", err)
	}
	unlock()

	setTimeout(t, time.Minute)
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

func TestARenewalWaitsForAnEarlierRenewalOfTheSameProgram(t *testing.T) {
	user(t)
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
	if err != nil {
		t.Fatal(err)
	}
	setTimeout(t, 100*time.Millisecond)
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

// overdue is a context with an error and an open Done channel: a cancellation at
// the last moment.
type overdue struct{ context.Context }

func (overdue) Err() error { return context.Canceled }

// A call cancelled at the moment of locking once never released the lock: no
// program could renew the sign-in until the end of the first program.
func TestALockAcquiredAtTheLastMomentCanBeReleased(t *testing.T) {
	user(t)
	if unlock, err := desktop.LockSignIn(overdue{t.Context()}, signInOf("jo")); err == nil {
		unlock()
	}
	setTimeout(t, 100*time.Millisecond)
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestWithoutALockFileLockSignInFails(t *testing.T) {
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

// A copy with another data folder renews while this copy removes everything: without the
// lock's file a third copy could renew the same sign-in at once.
func TestARemovalLeavesTheLockOfARenewalOfAnotherCopy(t *testing.T) {
	u := newAccount(t)
	data := u.open(desktop.Environment{DataDir: filepath.Join(u.folder, "elsewhere")})
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("sam"))
	same(t, err, nil)
	unlock()
	other := renewer(t)
	left := u.delete(data)
	if len(left) != 1 || !left[0].InUse || filepath.Base(left[0].Path) != digestOfJo {
		t.Errorf("left: %v", left)
	}
	setTimeout(t, 100*time.Millisecond)
	if _, err := desktop.LockSignIn(t.Context(), signInOf("jo")); code(err) != backend.SignInBusy {
		t.Errorf("during the renewal: %v", err)
	}
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()
	data = u.open(desktop.Environment{DataDir: filepath.Join(u.folder, "elsewhere")})
	same(t, u.delete(data), nil)
	if _, err := os.Lstat(filepath.Join(u.folder, "data", "bookring", "locks")); !os.IsNotExist(err) {
		t.Errorf("the locks after the renewal: %v", err)
	}
}

// A removal can delete the file of a lock between the opening and the locking of the file:
// a lock on a deleted file excludes no renewal.
func TestALockDuringRemovalsIsOnTheFileThatEveryCopyLocks(t *testing.T) {
	standard := user(t)
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
	same(t, err, nil)
	unlock()
	path := filepath.Join(standard, "locks", digestOfJo)
	done := make(chan struct{})
	var removing sync.WaitGroup
	removing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				desktop.DeleteSignInLocks(standard)
			}
		}
	})
	for range 2000 {
		unlock, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
		if err != nil {
			t.Error(err)
			break
		}
		if _, err := os.Lstat(path); err != nil {
			t.Error(err)
		}
		unlock()
	}
	close(done)
	removing.Wait()
}
