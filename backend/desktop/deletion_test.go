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
	"bookring/backend/desktop/datafolder"
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

// open opens a data set as a starting program does, and creates the files of a
// running program.
func (u account) open(e desktop.Environment) *desktop.DataFolder {
	u.t.Helper()
	data, err := desktop.OpenDataFolder(e)
	if err != nil {
		u.t.Fatal(err)
	}
	base, err := datafolder.Base(e.DataDir)
	if err != nil {
		u.t.Fatal(err)
	}
	base, err = filepath.Rel(u.folder, base)
	if err != nil {
		u.t.Fatal(err)
	}
	inside, err := filepath.Rel(u.folder, data.Path)
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
	return data
}

// delete deletes all files and ends the program.
func (u account) delete(data *desktop.DataFolder) []backend.Leftover {
	u.t.Helper()
	left := data.DeleteFiles()
	data.Close()
	return left
}

func TestAfterDeletionTheFoldersAreAsBeforeTheFirstStart(t *testing.T) {
	u := newAccount(t)
	before := u.tree()
	u.open(desktop.Environment{Discovery: "http://localhost:1"}).Close()
	u.open(desktop.Environment{Demo: true}).Close()
	data := u.open(desktop.Environment{})
	same(t, data.CountFiles(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2, Others: 2, Shared: true})
	same(t, u.delete(data), nil)
	same(t, u.tree(), before)
}

func TestFilesInUseAreDeletedWhenTheProgramEnds(t *testing.T) {
	u := newAccount(t)
	before := u.tree()
	data := u.open(desktop.Environment{})
	same(t, data.DeleteFiles(), nil)
	if _, err := desktop.OpenDataFolder(desktop.Environment{}); backend.AsFailure(err).Code != backend.AlreadyRunning {
		t.Errorf("a second copy: %v", err)
	}
	data.Log.Info("after the deletion", "code", backend.Unexpected)
	u.write("data/bookring/window.json", "data/bookring/storage/salt") // like a closing window
	data.Close()
	same(t, u.tree(), before)
}

func TestOtherFilesOfTheUserInTheDataFolderStay(t *testing.T) {
	u := newAccount(t)
	u.write("shared/letter.odt", "shared/backups/holiday.tar", "shared/demo/song.ogg", "shared/storage/box", "shared/locks/door")
	before := u.tree()
	data := u.open(desktop.Environment{DataDir: filepath.Join(u.folder, "shared")})
	same(t, data.CountFiles(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2, Shared: true})
	same(t, u.delete(data), nil)
	same(t, u.tree(), before)
}

func TestDeletingATestServersDataDeletesNoOtherData(t *testing.T) {
	u := newAccount(t)
	u.open(desktop.Environment{}).Close()
	u.open(desktop.Environment{Discovery: "http://localhost:1"}).Close()
	before := u.tree()
	data := u.open(desktop.Environment{Discovery: "http://localhost:2"})
	same(t, data.CountFiles(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2})
	same(t, u.delete(data), nil)
	same(t, u.tree(), before)
}

func TestSharedFilesAreDeletedWithTheLastDataSet(t *testing.T) {
	u := newAccount(t)
	before := u.tree()
	first := u.open(desktop.Environment{Discovery: "http://localhost:1"})
	second := u.open(desktop.Environment{Discovery: "http://localhost:2"})
	same(t, u.delete(first), nil)
	same(t, second.CountFiles().Shared, true)
	same(t, u.delete(second), nil)
	same(t, u.tree(), before)
}

func TestDataInTheDefaultFolderRetainTheDataOfTheWebView(t *testing.T) {
	u := newAccount(t)
	u.open(desktop.Environment{}).Close()
	before := u.tree()
	data := u.open(desktop.Environment{DataDir: filepath.Join(u.folder, "elsewhere")})
	same(t, data.CountFiles().Shared, false)
	same(t, u.delete(data), nil)
	same(t, u.tree(), before)
}

func TestDataOpenInAnotherCopyStayAndAreReported(t *testing.T) {
	u := newAccount(t)
	demo := u.open(desktop.Environment{Demo: true})
	data := u.open(desktop.Environment{})
	same(t, u.delete(data), []backend.Leftover{{Path: demo.Path, InUse: true}})
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
