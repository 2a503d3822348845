package sqlite_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"
)

func TestOnlyTheUserMayReadTheFiles(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o377} {
		folder := filepath.Join(t.TempDir(), "data")
		before := syscall.Umask(mask)
		r, err := sqlite.Open(t.Context(), folder)
		if err == nil {
			_, err = r.Reconcile(t.Context(), anna(), lists(anna(), "Bakery"), at(1))
		}
		syscall.Umask(before)
		must(t, err)
		modes(t, folder)
		must(t, r.Close())

		must(t, os.Chmod(filepath.Join(folder, sqlite.FileName), 0o644))
		again := open(t, folder)
		reconcile(t, again, anna(), lists(anna(), "Bakery"), 2)
		modes(t, folder)
	}
}

func modes(t *testing.T, folder string) {
	t.Helper()
	seen := 0
	must(t, filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		about, err := e.Info()
		if err != nil {
			return err
		}
		seen++
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		if about.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", e.Name(), about.Mode().Perm(), want)
		}
		return nil
	}))
	if seen != 4 {
		t.Errorf("%d files and folders, want the folder, the file, -wal and -shm", seen)
	}
}

func TestAReadOnlyDiskIsSaid(t *testing.T) {
	disk := mount(t, "size=4m")
	folder := filepath.Join(disk, "data")
	leave(t, folder, "SELECT 1")
	readOnly(t, disk)
	showsOnly(t, folder)
	fresh := filepath.Join(disk, "new")
	_, err := sqlite.Open(t.Context(), fresh)
	same(t, "detail", fails(t, err, backend.DatabaseReadOnly), fresh)
}

// showsOnly opens a register that can be read and not written.
func showsOnly(t *testing.T, folder string) {
	t.Helper()
	r := open(t, folder)
	same(t, "list", names(all(t, r)), "Bakery")
	same(t, "why", fails(t, r.Opening().ReadOnly, backend.DatabaseReadOnly), folder)
	_, err := r.Reconcile(t.Context(), anna(), lists(anna(), "Cafe"), at(9))
	_, noBackUp := r.BackUp(t.Context())
	for _, err := range []error{err, r.SaveSetting(t.Context(), "name", "value"), noBackUp, r.Unwritten()} {
		same(t, "folder", fails(t, err, backend.DatabaseReadOnly), folder)
	}
}

func TestAReadOnlyFileIsShown(t *testing.T) {
	folder := filepath.Join(mount(t, "size=4m"), "data")
	leave(t, folder, "SELECT 1")
	file := filepath.Join(folder, sqlite.FileName)
	must(t, syscall.Mount(file, file, "", syscall.MS_BIND, ""))
	t.Cleanup(func() { must(t, syscall.Unmount(file, syscall.MNT_DETACH)) })
	must(t, syscall.Mount("", file, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	showsOnly(t, folder)
}

// A program that was killed leaves a log, which nobody can take into the file
// here: the list is a little older, and whole.
func TestAReadOnlyDiskWithALogIsShown(t *testing.T) {
	_, logged := images(t)
	disk := mount(t, "size=4m")
	must(t, os.WriteFile(filepath.Join(disk, sqlite.FileName), logged.file, 0o600))
	must(t, os.WriteFile(filepath.Join(disk, sqlite.FileName+"-wal"), logged.log, 0o600))
	readOnly(t, disk)
	same(t, "organisations", fmt.Sprint(page(t, open(t, disk), backend.Query{}).Total), "60")
}

func TestDamageThatCannotBeMovedIsSaidAndLeftAsItIs(t *testing.T) {
	disk := mount(t, "size=4m")
	leave(t, disk, "DROP VIEW listed")
	readOnly(t, disk)
	refusedUntouched(t, disk, backend.DatabaseDamaged)
}

func TestAFullDiskIsSaidAndNothingIsLost(t *testing.T) {
	disk := mount(t, "size=1m")
	folder := filepath.Join(disk, "data")
	r := open(t, folder)
	var kept []string
	var err error
	for i := range 2_000 {
		more := fmt.Sprintf("%d %s", i, strings.Repeat("x", 500))
		if _, err = r.Reconcile(t.Context(), anna(), lists(anna(), append(kept, more)...), at(i)); err != nil {
			break
		}
		kept = append(kept, more)
	}
	fails(t, err, backend.DatabaseFull)
	fails(t, r.SaveSetting(t.Context(), "big", strings.Repeat("x", 100_000)), backend.DatabaseFull)
	fails(t, r.Unwritten(), backend.DatabaseFull)
	got := page(t, r, backend.Query{Limit: 1})
	same(t, "organisations kept", fmt.Sprint(got.Total), fmt.Sprint(len(kept)))

	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=8m"))
	reconcile(t, r, anna(), lists(anna(), append(kept, "last")...), 9_999)
	if f := r.Unwritten(); f != nil {
		t.Errorf("after a write: %v", f)
	}
	same(t, "with space again", fmt.Sprint(page(t, r, backend.Query{}).Total), fmt.Sprint(len(kept)+1))
}

func TestAFullDiskAtTheStartIsRead(t *testing.T) {
	disk := mount(t, "size=1m")
	folder := filepath.Join(disk, "data")
	leave(t, folder, "SELECT 1")
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	r, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	same(t, "list", names(all(t, r)), "Bakery")
	fails(t, r.SaveSetting(t.Context(), "big", strings.Repeat("x", 100_000)), backend.DatabaseFull)
	_, err = r.BackUp(t.Context())
	fails(t, err, backend.DatabaseFull)
	must(t, r.Close())
	_, err = sqlite.Open(t.Context(), filepath.Join(disk, "new"))
	fails(t, err, backend.DatabaseFull)

	must(t, os.Remove(ballast))
	same(t, "with space again", names(all(t, open(t, folder))), "Bakery")
}

// mount returns a folder that is a disk of its own, in memory.
func mount(t *testing.T, options string) string {
	t.Helper()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, options); err != nil {
		t.Skipf("only root may mount a small disk to fill or to make read-only: %v", err)
	}
	// Lazily, because the register on it is closed by an earlier cleanup only
	// if the test came that far.
	t.Cleanup(func() { must(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	return disk
}

func readOnly(t *testing.T, disk string) {
	t.Helper()
	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
}
