package desktop_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"bookring/backend"
	"bookring/backend/desktop"
)

// disk mounts a new disk in memory and returns the disk's folder and a function
// for making the disk read-only.
func disk(t *testing.T) (folder string, forbid func()) {
	t.Helper()
	folder = t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("only root can mount a disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	return folder, func() {
		if err := syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
	}
}

func enter(t *testing.T, e desktop.Environment) *desktop.Home {
	t.Helper()
	home, err := desktop.Enter(e)
	if err != nil {
		t.Fatal(err)
	}
	return home
}

func TestAReadOnlyFolderOpens(t *testing.T) {
	for _, mode := range []os.FileMode{0o700, 0o755, 0o500} {
		folder, forbid := disk(t)
		if err := os.Chmod(folder, mode); err != nil {
			t.Fatal(err)
		}
		forbid()
		home := enter(t, desktop.Environment{DataDir: folder})
		home.Log.Info("not written")
		second := enter(t, desktop.Environment{DataDir: folder}) // neither copy has a lock
		second.Close()
		home.Close()
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
			t.Errorf("%v, %v", entries, err)
		}
	}
}

func TestAnExistingLockFileIsLockedOnAReadOnlyDisk(t *testing.T) {
	folder, forbid := disk(t)
	enter(t, desktop.Environment{DataDir: folder}).Close()
	forbid()
	home := enter(t, desktop.Environment{DataDir: folder})
	defer home.Close()
	if _, err := desktop.Enter(desktop.Environment{DataDir: folder}); backend.AsFailure(err).Code != backend.AlreadyRunning {
		t.Errorf("a second copy: %v", err)
	}
}

func TestAFullDiskOpensWithoutALog(t *testing.T) {
	folder, _ := disk(t)
	enter(t, desktop.Environment{DataDir: folder}).Close()
	if err := os.WriteFile(filepath.Join(folder, "ballast"), make([]byte, 2<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	enter(t, desktop.Environment{DataDir: folder}).Close()
}

func TestAWritableFolderDoesNotOpenWithoutALock(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := desktop.Enter(desktop.Environment{DataDir: folder}); backend.AsFailure(err).Code != backend.DataFolderFailed {
		t.Errorf("entered: %v", err)
	}
}
