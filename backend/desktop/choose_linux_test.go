package desktop_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/desktop"

	"github.com/gofrs/flock"
)

func TestAnExistingFolderKeepsItsModeAndStaysAfterTheRemoval(t *testing.T) {
	u := newAccount(t)
	for _, mode := range []os.FileMode{0o700, 0o755, 0o775 | os.ModeSetgid, 0o777 | os.ModeSticky} {
		folder := t.TempDir()
		if err := os.Chmod(folder, mode); err != nil {
			t.Fatal(err)
		}
		data := open(t, desktop.Environment{DataDir: folder})
		same(t, data.Path, folder)
		same(t, u.delete(data), nil)
		info, err := os.Stat(folder)
		if err != nil || info.Mode()&^os.ModeDir != mode {
			t.Errorf("%v, %v, was %v", info.Mode(), err, mode)
		}
		count(t, folder, 0)
	}
}

func TestTheDataOfABookringWithoutMarksAreAdoptedWhereTheyAre(t *testing.T) {
	for name, write := range map[string]func(t *testing.T, folder string){
		"a register": register,
		"only backups": func(t *testing.T, f string) {
			t.Helper()
			writeRegister(t, f+"/backups/bookring-"+stamp+"Z.db", "BKRG")
		},
		"a header still in the log":    writeLoggedRegister,
		"a register beside other data": func(t *testing.T, f string) { t.Helper(); register(t, f); plantAll(t, f, "letter.odt", "lock") },
	} {
		t.Run(name, func(t *testing.T) {
			u := newAccount(t)
			standard, elsewhere := filepath.Join(u.folder, "data/bookring"), filepath.Join(u.folder, "elsewhere")
			write(t, standard)
			write(t, filepath.Join(standard, "demo"))
			write(t, elsewhere)
			private(t, elsewhere, 0o755)
			for range 2 {
				for _, e := range []desktop.Environment{{}, {DataDir: elsewhere}, {Demo: true}} {
					data := open(t, e)
					want := map[bool]string{true: standard, false: elsewhere}[e.DataDir == ""]
					if e.Demo {
						want = filepath.Join(standard, "demo")
					}
					same(t, data.Path, want)
					private(t, want, 0o755)
					data.Close()
				}
			}
			data := open(t, desktop.Environment{})
			same(t, data.CountFiles().Others, 1)
			data.Close()
		})
	}
}

func TestARegisterOfAnotherProgramIsNotAdopted(t *testing.T) {
	newAccount(t)
	for name, write := range map[string]func(path string){
		"another application ID": func(path string) { writeRegister(t, path, "ABCD") },
		"a text":                 func(path string) { plantAll(t, filepath.Dir(path), "bookring.db") },
		"a link to another file": func(path string) {
			other := filepath.Join(t.TempDir(), "bookring.db")
			writeRegister(t, other, "ABCD")
			plantAll(t, filepath.Dir(path), "bookring.db -> "+other)
		},
		"a folder": func(path string) { writeRegister(t, path+"/bookring.db", "BKRG") },
	} {
		folder := filepath.Join(t.TempDir(), "data")
		write(filepath.Join(folder, "bookring.db"))
		before := snapshot(t, folder)
		data := open(t, desktop.Environment{DataDir: folder})
		if data.Path != filepath.Join(folder, subfolder) {
			t.Errorf("%s: %s", name, data.Path)
		}
		unchanged(t, "opening "+name, before, snapshot(t, folder))
		data.Close()
	}
}

// writeLoggedRegister writes a register killed before the first checkpoint.
func writeLoggedRegister(t *testing.T, folder string) {
	t.Helper()
	writeRegister(t, filepath.Join(folder, "bookring.db"), "\x00\x00\x00\x00")
	page, err := os.ReadFile(filepath.Join(folder, "bookring.db"))
	if err != nil {
		t.Fatal(err)
	}
	header, frame := make([]byte, 32), make([]byte, 24)
	binary.BigEndian.PutUint32(header[8:], 4096)
	binary.BigEndian.PutUint32(frame, 1)
	copy(page[68:], "BKRG")
	log := append(append(header, frame...), page...)
	if err := os.WriteFile(filepath.Join(folder, "bookring.db-wal"), log, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestASubfolderOnceChosenStaysTheDataFolder(t *testing.T) {
	newAccount(t)
	folder := t.TempDir()
	plantAll(t, folder, "letter.odt")
	e := desktop.Environment{DataDir: folder}
	first := open(t, e)
	first.Close()
	same(t, first.Path, filepath.Join(folder, subfolder))
	for _, change := range []func(){
		func() { _ = os.Remove(filepath.Join(folder, "letter.odt")) },
		func() { register(t, folder) }, // a copy of the list, laid there by hand
	} {
		change()
		data := open(t, e)
		same(t, data.Path, first.Path)
		data.Close()
	}
}

func TestTheLocksOnSignInsAreBesideOtherFilesToo(t *testing.T) {
	for _, locks := range []string{"locks/door", "locks/0123456789ab", "locks/"} {
		u := newAccount(t)
		standard := filepath.Join(u.folder, "data/bookring")
		plantAll(t, standard, "letter.odt", locks)
		if locks == "locks/" { // a lock of a Bookring with the data elsewhere
			if err := os.WriteFile(filepath.Join(standard, "locks", digestOfJo), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before := snapshot(t, standard)
		delete(before, filepath.Join(standard, "locks", digestOfJo))
		data := u.open(desktop.Environment{})
		data.Close()
		same(t, data.Path, filepath.Join(standard, subfolder))
		if locks, err := filepath.Glob(filepath.Join(standard, "locks", "????????????")); err != nil || len(locks) == 0 {
			t.Errorf("locks: %v, %v", locks, err)
		}
		unchanged(t, "opening", before, snapshot(t, standard))
		data = u.open(desktop.Environment{}) // the lock is no evidence for a folder of Bookring
		same(t, data.Path, filepath.Join(standard, subfolder))
		u.delete(data)
		unchanged(t, "the removal", before, snapshot(t, standard))
	}
}

func TestALockOnASignInIsNotTakenThroughALink(t *testing.T) {
	for _, name := range []string{"locks -> OUT/folder", "locks/" + digestOfJo + " -> OUT/precious", "locks/" + digestOfJo + " -> OUT/missing"} {
		u := newAccount(t)
		standard := filepath.Join(u.folder, "data/bookring")
		out, names := outside(t, []string{name})
		plantAll(t, standard, names...)
		before, beforeOut := snapshot(t, standard), snapshot(t, out)
		_, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
		same(t, code(err), backend.DataFolderFailed)
		same(t, snapshot(t, standard), before)
		same(t, snapshot(t, out), beforeOut)
	}
}

// A Bookring without marks, with its data elsewhere, left the locks and the web view's
// data in the default folder.
func TestTheDefaultFolderOfABookringWithoutMarksIsAdopted(t *testing.T) {
	u := newAccount(t)
	before := u.tree()
	u.write("data/bookring/locks/0123456789ab", "data/bookring/storage/salt", "data/bookring/hsts-storage.sqlite")
	if err := os.Truncate(filepath.Join(u.folder, "data/bookring/locks/0123456789ab"), 0); err != nil {
		t.Fatal(err)
	}
	data := u.open(desktop.Environment{DataDir: filepath.Join(u.folder, "elsewhere")})
	same(t, u.delete(data), nil)
	same(t, u.tree(), before)
}

// A user moved Bookring's default folder to a larger disk.
func TestTheRemovalReachesADefaultFolderBehindALink(t *testing.T) {
	for _, e := range []desktop.Environment{{}, {DataDir: "elsewhere"}, {Demo: true}} {
		u := newAccount(t)
		u.write("disk/another/file")
		if err := os.Mkdir(filepath.Join(u.folder, "disk/books"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(u.folder, "disk/books"), filepath.Join(u.folder, "data/bookring")); err != nil {
			t.Fatal(err)
		}
		if e.DataDir != "" {
			e.DataDir = filepath.Join(u.folder, e.DataDir)
		}
		before := u.tree()
		data := u.open(e)
		want := map[bool]string{true: filepath.Join(u.folder, "disk/books"), false: e.DataDir}[e.DataDir == ""]
		if e.Demo {
			want = filepath.Join(want, "demo")
		}
		same(t, data.Path, want)
		same(t, data.CountFiles().Shared, true)
		same(t, u.delete(data), nil)
		same(t, u.tree(), before)
	}
}

// An old and a new copy must not renew one sign-in at once.
func TestTheLockOnASignInBehindALinkIsTheLockOfEveryVersion(t *testing.T) {
	u := newAccount(t)
	u.write("disk/books/locks/" + digestOfJo)
	if err := os.Symlink(filepath.Join(u.folder, "disk/books"), filepath.Join(u.folder, "data/bookring")); err != nil {
		t.Fatal(err)
	}
	old := flock.New(filepath.Join(u.folder, "data/bookring/locks", digestOfJo))
	if held, err := old.TryLock(); err != nil || !held {
		t.Fatal(held, err)
	}
	before := desktop.SetSignInLockTimeout(time.Millisecond)
	defer desktop.SetSignInLockTimeout(before)
	_, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
	same(t, code(err), backend.SignInBusy)
	same(t, old.Unlock(), nil)
	unlock, err := desktop.LockSignIn(t.Context(), signInOf("jo"))
	same(t, err, nil)
	unlock()
}

func TestAWebViewsFilesBesideOtherFilesStay(t *testing.T) {
	u := newAccount(t)
	u.write("data/bookring/letter.odt", "data/bookring/storage/box", "data/bookring/hsts-storage.sqlite.notes", "cache/bookring/letter.odt")
	before := u.tree()
	data := open(t, desktop.Environment{})
	u.write("cache/bookring/WebKitCache/Version 17/salt")
	u.delete(data)
	same(t, u.tree(), before)
}
