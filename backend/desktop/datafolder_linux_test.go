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

func open(t *testing.T, e desktop.Environment) *desktop.DataFolder {
	t.Helper()
	data, err := desktop.OpenDataFolder(e)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAReadOnlyFolderOpens(t *testing.T) {
	for _, mode := range []os.FileMode{0o700, 0o755, 0o500} {
		folder, forbid := disk(t)
		if err := os.Chmod(folder, mode); err != nil {
			t.Fatal(err)
		}
		forbid()
		data := open(t, desktop.Environment{DataDir: folder})
		data.Log.Info("not written")
		second := open(t, desktop.Environment{DataDir: folder}) // neither copy has a lock
		second.Close()
		data.Close()
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
			t.Errorf("%v, %v", entries, err)
		}
	}
}

func TestAnExistingLockFileIsLockedOnAReadOnlyDisk(t *testing.T) {
	folder, forbid := disk(t)
	open(t, desktop.Environment{DataDir: folder}).Close()
	forbid()
	data := open(t, desktop.Environment{DataDir: folder})
	defer data.Close()
	if _, err := desktop.OpenDataFolder(desktop.Environment{DataDir: folder}); backend.AsFailure(err).Code != backend.AlreadyRunning {
		t.Errorf("a second copy: %v", err)
	}
}

func TestAFullDiskOpensWithoutALog(t *testing.T) {
	folder, _ := disk(t)
	open(t, desktop.Environment{DataDir: folder}).Close()
	if err := os.WriteFile(filepath.Join(folder, "ballast"), make([]byte, 2<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	open(t, desktop.Environment{DataDir: folder}).Close()
}

func TestTheRegisterOfABookringWithoutMarksOpensOnAFullDisk(t *testing.T) {
	newAccount(t)
	folder, _ := disk(t)
	register(t, folder)
	if err := os.WriteFile(filepath.Join(folder, "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "ballast"), make([]byte, 2<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	data := open(t, desktop.Environment{DataDir: folder})
	defer data.Close()
	same(t, data.Path, folder)
}

func TestAWritableFolderDoesNotOpenWithoutALock(t *testing.T) {
	folder := t.TempDir()
	open(t, desktop.Environment{DataDir: folder}).Close()
	if err := os.Remove(filepath.Join(folder, "lock")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := desktop.OpenDataFolder(desktop.Environment{DataDir: folder}); code(err) != backend.DataFolderFailed {
		t.Errorf("entered: %v", err)
	}
}
