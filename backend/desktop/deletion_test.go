package desktop_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"bookring/backend"
	"bookring/backend/desktop"
)

// account is a user's account on this computer, with no file of Bookring at first.
type account struct {
	t      *testing.T
	folder string
}

func newAccount(t *testing.T) account {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the folders are for Linux")
	}
	u := account{t, t.TempDir()}
	t.Setenv("HOME", u.folder)
	t.Setenv("XDG_DATA_HOME", filepath.Join(u.folder, "data"))
	t.Setenv("XDG_CACHE_HOME", filepath.Join(u.folder, "cache"))
	u.write("data/another/program", "cache/another/program")
	return u
}

// write creates files, and folders for the files.
func (u account) write(paths ...string) {
	u.t.Helper()
	for _, path := range paths {
		path = filepath.Join(u.folder, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			u.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			u.t.Fatal(err)
		}
	}
}

// tree returns the paths of all files and folders.
func (u account) tree() (paths []string) {
	u.t.Helper()
	err := filepath.WalkDir(u.folder, func(path string, _ fs.DirEntry, err error) error {
		if rest, _ := filepath.Rel(u.folder, path); rest != "." {
			paths = append(paths, rest)
		}
		return err
	})
	if err != nil {
		u.t.Fatal(err)
	}
	return paths
}

// enter opens a data set as a starting program does, and creates the files of a
// running program.
func (u account) enter(e desktop.Environment) *desktop.Home {
	u.t.Helper()
	home, err := desktop.Enter(e)
	if err != nil {
		u.t.Fatal(err)
	}
	base := "data/bookring"
	if e.DataDir != "" {
		base = filepath.Base(e.DataDir)
	}
	inside, err := filepath.Rel(u.folder, home.Folder)
	if err != nil {
		u.t.Fatal(err)
	}
	for _, name := range []string{
		"bookring.db", "bookring.db-wal", "bookring.db-shm", "bookring-20261121T090000.000000.log",
		"backups/bookring-20261120T090000.000000Z.db", "backups/bookring-20261121T090000.000000Z.db",
		"damaged/20261119T090000.000000Z/bookring.db", "damaged/20261119T090000.000000Z/bookring.db-wal",
	} {
		u.write(filepath.Join(inside, name))
	}
	u.write("data/bookring/hsts-storage.sqlite", "data/bookring/storage/salt", "data/bookring/mediakeys/v1/salt",
		"cache/bookring/WebKitCache/Version 17/salt", filepath.Join(base, "window.json"))
	unlock, err := desktop.LockSignIn(u.t.Context(), backend.SignInKey{Issuer: "i", ClientID: "c", UserID: "u"})
	if err != nil {
		u.t.Fatal(err)
	}
	unlock()
	return home
}

// delete deletes all files and ends the program.
func (u account) delete(home *desktop.Home) []backend.Leftover {
	u.t.Helper()
	left := home.DeleteFiles()
	home.Close()
	return left
}

func TestAfterDeletionTheFoldersAreAsBeforeTheFirstStart(t *testing.T) {
	u := newAccount(t)
	before := u.tree()
	u.enter(desktop.Environment{Discovery: "http://localhost:1"}).Close()
	u.enter(desktop.Environment{Demo: true}).Close()
	home := u.enter(desktop.Environment{})
	same(t, home.CountFiles(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2, Others: 2, Shared: true})
	same(t, u.delete(home), nil)
	same(t, u.tree(), before)
}

func TestFilesInUseAreDeletedWhenTheProgramEnds(t *testing.T) {
	u := newAccount(t)
	before := u.tree()
	home := u.enter(desktop.Environment{})
	same(t, home.DeleteFiles(), nil)
	if _, err := desktop.Enter(desktop.Environment{}); backend.AsFailure(err).Code != backend.AlreadyRunning {
		t.Errorf("a second copy: %v", err)
	}
	home.Log.Info("after the deletion", "code", backend.Unexpected)
	u.write("data/bookring/window.json", "data/bookring/storage/salt") // like a closing window
	home.Close()
	same(t, u.tree(), before)
}

func TestOtherFilesOfTheUserInTheDataFolderStay(t *testing.T) {
	u := newAccount(t)
	u.write("shared/letter.odt", "shared/backups/holiday.tar", "shared/demo/song.ogg", "shared/storage/box", "shared/locks/door")
	before := u.tree()
	home := u.enter(desktop.Environment{DataDir: filepath.Join(u.folder, "shared")})
	same(t, home.CountFiles(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2, Shared: true})
	same(t, u.delete(home), nil)
	same(t, u.tree(), before)
}

func TestDeletingATestServersDataDeletesNoOtherData(t *testing.T) {
	u := newAccount(t)
	u.enter(desktop.Environment{}).Close()
	u.enter(desktop.Environment{Discovery: "http://localhost:1"}).Close()
	before := u.tree()
	home := u.enter(desktop.Environment{Discovery: "http://localhost:2"})
	same(t, home.CountFiles(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2})
	same(t, u.delete(home), nil)
	same(t, u.tree(), before)
}

func TestSharedFilesAreDeletedWithTheLastDataSet(t *testing.T) {
	u := newAccount(t)
	before := u.tree()
	first := u.enter(desktop.Environment{Discovery: "http://localhost:1"})
	second := u.enter(desktop.Environment{Discovery: "http://localhost:2"})
	same(t, u.delete(first), nil)
	same(t, second.CountFiles().Shared, true)
	same(t, u.delete(second), nil)
	same(t, u.tree(), before)
}

func TestDataInTheDefaultFolderRetainTheDataOfTheWebView(t *testing.T) {
	u := newAccount(t)
	u.enter(desktop.Environment{}).Close()
	before := u.tree()
	home := u.enter(desktop.Environment{DataDir: filepath.Join(u.folder, "elsewhere")})
	same(t, home.CountFiles().Shared, false)
	same(t, u.delete(home), nil)
	same(t, u.tree(), before)
}

func TestDataOpenInAnotherCopyStayAndAreReported(t *testing.T) {
	u := newAccount(t)
	demo := u.enter(desktop.Environment{Demo: true})
	home := u.enter(desktop.Environment{})
	same(t, u.delete(home), []backend.Leftover{{Path: demo.Folder, InUse: true}})
	if !slices.Contains(u.tree(), "data/bookring/demo/bookring.db") {
		t.Error("the open demo lost its data")
	}
	demo.Close()
}

func same[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
