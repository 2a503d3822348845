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
			_, err = r.Reconcile(t.Context(), anna(), backend.List{Connections: lists(anna(), "Bakery")}, at(1))
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

func TestOnlyTheUserMayReadARestoredListAndTheDamagedFiles(t *testing.T) {
	folder := backedUp(t)
	write(t, "damaged", folder, sqlite.FileName)
	before := syscall.Umask(0)
	r, err := sqlite.Open(t.Context(), folder)
	syscall.Umask(before)
	must(t, err)
	defer func() { must(t, r.Close()) }()
	must(t, filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == folder || strings.HasPrefix(e.Name(), "bookring-") { // the backups are the test's
			return err
		}
		about, err := e.Info()
		if err == nil && e.IsDir() && about.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %s", path, about.Mode())
		}
		return err
	}))
	about, err := os.Stat(filepath.Join(folder, sqlite.FileName))
	must(t, err)
	if about.Mode().Perm() != 0o600 {
		t.Errorf("the restored list has the mode %s", about.Mode())
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

func TestAReadOnlyDiskIsReported(t *testing.T) {
	disk := mount(t, "size=4m")
	folder := filepath.Join(disk, "data")
	makeRegister(t, folder, "SELECT 1")
	readOnly(t, disk)
	readsOnly(t, folder)
	fresh := filepath.Join(disk, "new")
	_, err := sqlite.Open(t.Context(), fresh)
	same(t, "detail", fails(t, err, backend.DatabaseReadOnly), fresh)
}

// readsOnly opens a register and fails unless reads succeed and writes fail.
func readsOnly(t *testing.T, folder string) {
	t.Helper()
	r := open(t, folder)
	same(t, "list", names(all(t, r)), "Bakery")
	same(t, "why", fails(t, r.Opening().ReadOnly, backend.DatabaseReadOnly), folder)
	_, err := r.Reconcile(t.Context(), anna(), backend.List{Connections: lists(anna(), "Cafe")}, at(9))
	_, backUpErr := r.BackUp(t.Context())
	for _, err := range []error{err, r.SaveSetting(t.Context(), "name", "value"), backUpErr, r.Unwritten()} {
		same(t, "folder", fails(t, err, backend.DatabaseReadOnly), folder)
	}
}

func TestARegisterInAReadOnlyFileIsReadable(t *testing.T) {
	folder := filepath.Join(mount(t, "size=4m"), "data")
	makeRegister(t, folder, "SELECT 1")
	file := filepath.Join(folder, sqlite.FileName)
	must(t, syscall.Mount(file, file, "", syscall.MS_BIND, ""))
	t.Cleanup(func() { must(t, syscall.Unmount(file, syscall.MNT_DETACH)) })
	must(t, syscall.Mount("", file, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	readsOnly(t, folder)
}

// A killed program leaves a log. On a read-only disk, SQLite cannot write the log's changes into the file: the
// list is complete as of the last checkpoint.
func TestARegisterWithALogOnAReadOnlyDiskIsReadable(t *testing.T) {
	_, logged := images(t)
	disk := mount(t, "size=4m")
	must(t, os.WriteFile(filepath.Join(disk, sqlite.FileName), logged.file, 0o600))
	must(t, os.WriteFile(filepath.Join(disk, sqlite.FileName+"-wal"), logged.log, 0o600))
	readOnly(t, disk)
	same(t, "organisations", fmt.Sprint(page(t, open(t, disk), backend.Query{}).Total), "60")
}

func TestADamagedFileOnAReadOnlyDiskIsReportedAndUnchanged(t *testing.T) {
	disk := mount(t, "size=4m")
	makeRegister(t, disk, "DROP VIEW listed")
	readOnly(t, disk)
	refusedUntouched(t, disk, backend.DatabaseDamaged)
}

func TestAFullDiskIsReportedAndLosesNothing(t *testing.T) {
	disk := mount(t, "size=1m")
	folder := filepath.Join(disk, "data")
	r := open(t, folder)
	var written []string
	var err error
	for i := range 2_000 {
		more := fmt.Sprintf("%d %s", i, strings.Repeat("x", 500))
		if _, err = r.Reconcile(t.Context(), anna(), backend.List{Connections: lists(anna(), append(written, more)...)}, at(i)); err != nil {
			break
		}
		written = append(written, more)
	}
	fails(t, err, backend.DatabaseFull)
	// The log has room for small writes.
	fails(t, r.SaveSetting(t.Context(), "big", strings.Repeat("x", 1_000_000)), backend.DatabaseFull)
	fails(t, r.Unwritten(), backend.DatabaseFull)
	got := page(t, r, backend.Query{Limit: 1})
	same(t, "organisations", fmt.Sprint(got.Total), fmt.Sprint(len(written)))

	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=8m"))
	reconcile(t, r, anna(), lists(anna(), append(written, "last")...), 9_999)
	if f := r.Unwritten(); f != nil {
		t.Errorf("after a write: %v", f)
	}
	same(t, "with space again", fmt.Sprint(page(t, r, backend.Query{}).Total), fmt.Sprint(len(written)+1))
}

func TestARegisterOnAFullDiskIsReadable(t *testing.T) {
	disk := mount(t, "size=1m")
	folder := filepath.Join(disk, "data")
	makeRegister(t, folder, "SELECT 1")
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

func TestAMigrationOnAFullDiskLosesNothing(t *testing.T) {
	disk := mount(t, "size=1m")
	folder := filepath.Join(disk, "data")
	must(t, os.CopyFS(folder, os.DirFS(versionOne(t))))
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	_, err := sqlite.Open(t.Context(), folder)
	fails(t, err, backend.DatabaseFull)

	must(t, os.Remove(ballast))
	same(t, "with space again", names(all(t, open(t, folder))), "Bakery, Cafe, Deli, Eatery")
}

// mount returns the folder of a new disk in memory.
func mount(t *testing.T, options string) string {
	t.Helper()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, options); err != nil {
		t.Skipf("only root may mount a small disk to fill or to make read-only: %v", err)
	}
	// A failed test may leave the register open: detach the disk without waiting.
	t.Cleanup(func() { must(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	return disk
}

func readOnly(t *testing.T, disk string) {
	t.Helper()
	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
}
