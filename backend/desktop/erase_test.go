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

// person is somebody with a home folder without anything of Bookring's.
type person struct {
	t      *testing.T
	folder string
}

func newPerson(t *testing.T) person {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the folders are Linux's")
	}
	u := person{t, t.TempDir()}
	t.Setenv("HOME", u.folder)
	t.Setenv("XDG_DATA_HOME", filepath.Join(u.folder, "data"))
	t.Setenv("XDG_CACHE_HOME", filepath.Join(u.folder, "cache"))
	u.write("data/another/program", "cache/another/program")
	return u
}

// write makes files, and the folders that they are in.
func (u person) write(paths ...string) {
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

// tree returns all files and folders.
func (u person) tree() (paths []string) {
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

// enter begins to use the data as a started program does, and leaves behind
// what one leaves.
func (u person) enter(e desktop.Environment) *desktop.Home {
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

// erase removes everything and ends the program.
func (u person) erase(home *desktop.Home) []backend.Leftover {
	u.t.Helper()
	left := home.Erase()
	home.Leave()
	return left
}

func TestAfterErasingTheFoldersAreAsBeforeTheFirstStart(t *testing.T) {
	u := newPerson(t)
	before := u.tree()
	u.enter(desktop.Environment{Discovery: "http://localhost:1"}).Leave()
	u.enter(desktop.Environment{Demo: true}).Leave()
	home := u.enter(desktop.Environment{})
	same(t, home.Kept(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2, Others: 2, Shared: true})
	same(t, u.erase(home), nil)
	same(t, u.tree(), before)
}

func TestWhatTheRunningProgramNeedsGoesWhenItEnds(t *testing.T) {
	u := newPerson(t)
	before := u.tree()
	home := u.enter(desktop.Environment{})
	same(t, home.Erase(), nil)
	if _, err := desktop.Enter(desktop.Environment{}); backend.AsFailure(err).Code != backend.AlreadyRunning {
		t.Errorf("a second copy: %v", err)
	}
	home.Log.Info("said too late", "code", backend.Unexpected)
	u.write("data/bookring/window.json", "data/bookring/storage/salt") // as closing the window does
	home.Leave()
	same(t, u.tree(), before)
}

func TestSomebodysOwnThingsInTheDataFolderStay(t *testing.T) {
	u := newPerson(t)
	u.write("shared/letter.odt", "shared/backups/holiday.tar", "shared/demo/song.ogg", "shared/storage/box", "shared/locks/door")
	before := u.tree()
	home := u.enter(desktop.Environment{DataDir: filepath.Join(u.folder, "shared")})
	same(t, home.Kept(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2, Shared: true})
	same(t, u.erase(home), nil)
	same(t, u.tree(), before)
}

func TestATestServersDataGoAlone(t *testing.T) {
	u := newPerson(t)
	u.enter(desktop.Environment{}).Leave()
	u.enter(desktop.Environment{Discovery: "http://localhost:1"}).Leave()
	before := u.tree()
	home := u.enter(desktop.Environment{Discovery: "http://localhost:2"})
	same(t, home.Kept(), backend.FileCounts{Backups: 2, Damaged: 1, Logs: 2})
	same(t, u.erase(home), nil)
	same(t, u.tree(), before)
}

func TestTheLastDataTakeWhatAllShared(t *testing.T) {
	u := newPerson(t)
	before := u.tree()
	first := u.enter(desktop.Environment{Discovery: "http://localhost:1"})
	second := u.enter(desktop.Environment{Discovery: "http://localhost:2"})
	same(t, u.erase(first), nil)
	same(t, second.Kept().Shared, true)
	same(t, u.erase(second), nil)
	same(t, u.tree(), before)
}

func TestWhatTheUsualFolderHoldsKeepsTheEnginesThings(t *testing.T) {
	u := newPerson(t)
	u.enter(desktop.Environment{}).Leave()
	before := u.tree()
	home := u.enter(desktop.Environment{DataDir: filepath.Join(u.folder, "elsewhere")})
	same(t, home.Kept().Shared, false)
	same(t, u.erase(home), nil)
	same(t, u.tree(), before)
}

func TestDataThatAnotherCopyHasOpenStayAndAreNamed(t *testing.T) {
	u := newPerson(t)
	demo := u.enter(desktop.Environment{Demo: true})
	home := u.enter(desktop.Environment{})
	same(t, u.erase(home), []backend.Leftover{{Path: demo.Folder, InUse: true}})
	if !slices.Contains(u.tree(), "data/bookring/demo/bookring.db") {
		t.Error("the open demo lost its data")
	}
	demo.Leave()
}

func TestALockOnADeletedFileCountsForNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "lock")
	release, err := desktop.Lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Skip("this system removes no open file")
	}
	release()
	again, err := desktop.Lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer again()
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the lock that counts has no file: %v", err)
	}
}

func same[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
