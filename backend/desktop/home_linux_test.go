package desktop_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"bookring/backend"
	"bookring/backend/desktop"
)

// disk returns a folder that is a disk of its own, in memory, and a way to
// forbid writing on it.
func disk(t *testing.T) (folder string, forbid func()) {
	t.Helper()
	folder = t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("only root may mount a disk to make read-only: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	return folder, func() {
		if err := syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
	}
}

func enters(t *testing.T, e desktop.Environment) *desktop.Home {
	t.Helper()
	home, err := desktop.Enter(e)
	if err != nil {
		t.Fatal(err)
	}
	return home
}

func TestAFolderThatCannotBeWrittenIsEntered(t *testing.T) {
	for _, mode := range []os.FileMode{0o700, 0o755, 0o500} {
		folder, forbid := disk(t)
		if err := os.Chmod(folder, mode); err != nil {
			t.Fatal(err)
		}
		forbid()
		home := enters(t, desktop.Environment{DataDir: folder})
		home.Log.Info("to nowhere")
		second := enters(t, desktop.Environment{DataDir: folder}) // no lock can be had
		second.Leave()
		home.Leave()
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
			t.Errorf("%v, %v", entries, err)
		}
	}
}

func TestALockThatIsThereIsTakenOnAReadOnlyDiskToo(t *testing.T) {
	folder, forbid := disk(t)
	enters(t, desktop.Environment{DataDir: folder}).Leave()
	forbid()
	home := enters(t, desktop.Environment{DataDir: folder})
	defer home.Leave()
	if _, err := desktop.Enter(desktop.Environment{DataDir: folder}); backend.AsFailure(err).Code != backend.AlreadyRunning {
		t.Errorf("a second copy: %v", err)
	}
}

func TestAFullDiskIsEnteredWithoutALog(t *testing.T) {
	folder, _ := disk(t)
	enters(t, desktop.Environment{DataDir: folder}).Leave()
	if err := os.WriteFile(filepath.Join(folder, "ballast"), make([]byte, 2<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	enters(t, desktop.Environment{DataDir: folder}).Leave()
}

// A lock that cannot be had in a folder that can be written is no reason to go
// on without one.
func TestWithoutALockNothingThatCanBeWrittenIsEntered(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := desktop.Enter(desktop.Environment{DataDir: folder}); backend.AsFailure(err).Code != backend.DataFolderFailed {
		t.Errorf("entered: %v", err)
	}
}
