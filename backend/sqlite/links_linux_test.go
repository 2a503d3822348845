package sqlite_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/sqlite"

	"golang.org/x/sys/unix"
)

// outsideOf lays a link to a file or folder elsewhere into a data folder, and returns a check that neither
// the link nor the target has changed.
func outsideOf(t *testing.T, folder, name string, asFolder bool) (check func(after string)) {
	t.Helper()
	out := t.TempDir()
	for _, file := range []string{"precious", "bookring-20260102T030405.000006Z.db"} {
		write(t, "the user's", out, file)
	}
	target := out
	if !asFolder {
		target = filepath.Join(out, "precious")
	}
	link := filepath.Join(folder, name)
	must(t, os.MkdirAll(filepath.Dir(link), 0o700))
	must(t, os.RemoveAll(link))
	must(t, os.Symlink(target, link))
	before := files(t, out)
	return func(after string) {
		t.Helper()
		if to, err := os.Readlink(link); err != nil || to != target {
			t.Errorf("%s after %s: %s, %v", name, after, to, err)
		}
		now := files(t, out)
		equal(t, name+" after "+after, len(now), len(before))
		for file, text := range before {
			equal(t, file+" after "+after, now[file], text)
		}
	}
}

func TestTheRegisterIsNotUsedThroughALink(t *testing.T) {
	for _, name := range []string{sqlite.FileName, sqlite.FileName + "-wal", sqlite.FileName + "-journal"} {
		for _, asFolder := range []bool{false, true} {
			folder := backedUp(t)
			check := outsideOf(t, folder, name, asFolder)
			_, err := sqlite.Open(t.Context(), folder)
			if f := backend.AsFailure(err); f == nil || f.Code != backend.DataFolderFailed || f.Detail != filepath.Join(folder, name) {
				t.Errorf("%s: %v", name, err)
			}
			check("opening")
		}
	}
	folder := backedUp(t)
	check := outsideOf(t, folder, sqlite.FileName+"-shm", false)
	if r, err := sqlite.Open(t.Context(), folder); err == nil {
		must(t, r.Close())
	}
	check("opening")
}

func TestNoBackupIsWrittenOrDeletedThroughALink(t *testing.T) {
	folder := backedUp(t)
	must(t, os.RemoveAll(filepath.Join(folder, "backups")))
	check := outsideOf(t, folder, "backups", true)
	r := open(t, folder)
	_, err := r.BackUp(t.Context())
	equal(t, "code", backend.CodeOf(err), backend.DataFolderFailed)
	check("a backup")

	folder = backedUp(t)
	must(t, os.RemoveAll(filepath.Join(folder, "backups")))
	check = outsideOf(t, folder, "backups/unfinished", false)
	checkOther := outsideOf(t, folder, "backups/bookring-20260101T000000.000000Z.db", false)
	r = open(t, folder)
	_, err = r.BackUp(t.Context())
	equal(t, "code", backend.CodeOf(err), backend.DataFolderFailed)
	check("a backup")
	must(t, os.Remove(filepath.Join(folder, "backups/unfinished")))
	equal(t, "made", backUp(t, r), true)
	checkOther("a backup")

	must(t, os.MkdirAll(filepath.Join(folder, "backups/unfinished"), 0o700))
	write(t, "the user's", folder, "backups/unfinished/letter.odt")
	must(t, os.Remove(filepath.Join(folder, "backups", ls(t, folder, "backups")[1])))
	_, err = r.BackUp(t.Context())
	equal(t, "code", backend.CodeOf(err), backend.DataFolderFailed)
	equal(t, "letter", files(t, filepath.Join(folder, "backups/unfinished"))["letter.odt"], "the user's")
}

func TestADamagedRegisterIsNotMovedThroughALink(t *testing.T) {
	folder := backedUp(t)
	write(t, "damaged", folder, sqlite.FileName)
	check := outsideOf(t, folder, "damaged", true)
	_, err := sqlite.Open(t.Context(), folder)
	equal(t, "code", backend.CodeOf(err), backend.DatabaseDamaged)
	check("opening")
	equal(t, "register", content(t, folder), "damaged")
}

func TestAFileOfTheUserBesideADamagedRegisterStays(t *testing.T) {
	folder := backedUp(t)
	old := time.Now().UTC().Add(-40 * day).Format("20060102T150405.000000Z")
	must(t, os.MkdirAll(filepath.Join(folder, "damaged", old), 0o700))
	write(t, "old", folder, "damaged", old, sqlite.FileName)
	write(t, "the user's", folder, "damaged", old, "letter.odt")
	check := outsideOf(t, folder, "damaged/20200102T030405.000006Z", true)
	write(t, "damaged", folder, sqlite.FileName)
	open(t, folder)
	check("opening")
	equal(t, "left", ls(t, folder, "damaged", old)[0], "letter.odt")
	equal(t, "left", len(ls(t, folder, "damaged", old)), 1)
}

// An empty list beside unreadable backups would look like a loss.
func TestUnreadableBackupsDoNotEmptyTheList(t *testing.T) {
	for what, spoil := range map[string]func(folder string){
		"a link": func(folder string) {
			must(t, os.Rename(filepath.Join(folder, "backups"), filepath.Join(folder, "elsewhere")))
			must(t, os.Symlink(filepath.Join(folder, "elsewhere"), filepath.Join(folder, "backups")))
		},
		"a file in place of the folder": func(folder string) {
			must(t, os.RemoveAll(filepath.Join(folder, "backups")))
			write(t, "x", folder, "backups")
		},
		"the folder": func(folder string) { must(t, os.Chmod(filepath.Join(folder, "backups"), 0)) },
		"a backup": func(folder string) {
			must(t, os.Chmod(filepath.Join(folder, "backups", ls(t, folder, "backups")[0]), 0))
		},
	} {
		for _, damage := range []func(file string) error{
			func(file string) error { return os.WriteFile(file, []byte("damaged"), 0o600) },
			func(file string) error { return os.Truncate(file, 0) },
		} {
			folder := backedUp(t)
			must(t, damage(filepath.Join(folder, sqlite.FileName)))
			spoil(folder)
			before := content(t, folder)
			var err error
			asStranger(t, folder, func() { _, err = sqlite.Open(t.Context(), folder) })
			if code := backend.CodeOf(err); code != backend.DataFolderFailed {
				t.Errorf("%s: %v", what, err)
			}
			equal(t, what, content(t, folder), before)
		}
	}
	folder := backedUp(t) // an older backup is better than no list
	must(t, os.Rename(filepath.Join(folder, "backups", ls(t, folder, "backups")[0]), filepath.Join(folder, "backups", backupAt(-day))))
	newest := filepath.Join(folder, "backups", backupAt(0))
	write(t, "unreadable", newest)
	must(t, os.Chmod(newest, 0))
	write(t, "damaged", folder, sqlite.FileName)
	asStranger(t, folder, func() { equal(t, "list", names(all(t, open(t, folder))), "Bakery") })
}

// asStranger calls do with another user's rights on files, as the owner of the readable files of a folder.
func asStranger(t *testing.T, folder string, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	const nobody = 65534
	must(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := entry.Info(); err == nil && info.Mode().Perm() != 0 {
			return os.Lchown(path, nobody, nobody)
		}
		return nil
	}))
	for path := folder; path != filepath.Clean(os.TempDir()); path = filepath.Dir(path) {
		must(t, os.Chmod(path, 0o777))
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, id := range []int{nobody, 0} {
		if _, err := unix.SetfsuidRetUid(id); err != nil {
			t.Fatal(err)
		}
		if id == nobody {
			do()
		}
	}
}

// content returns the content of a register's file.
func content(t *testing.T, folder string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, sqlite.FileName))
	must(t, err)
	return string(text)
}
