package datafolder_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"

	"golang.org/x/sys/unix"
)

const subfolder = "bookring-data"

// asStranger calls do with another user's rights on files.
func asStranger(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const nobody = 65534
	for _, id := range []int{nobody, 0} {
		if _, err := unix.SetfsuidRetUid(id); err != nil {
			t.Fatal(err)
		}
		if id == nobody {
			do()
		}
	}
}

// An empty list beside an unreadable list would look like a loss.
func TestAFailedReadEndsTheStartAndChoosesNoOtherFolder(t *testing.T) {
	for unreadable, prepare := range map[string]func(folder string){
		"bookring.db": func(folder string) { register(t, folder, "BKRG") },
		"bookring.db-wal": func(folder string) {
			register(t, folder, "\x00\x00\x00\x00")
			plant(t, folder, "bookring.db-wal=x")
			if err := os.Chmod(folder+"/bookring.db", 0o644); err != nil {
				t.Fatal(err)
			}
		},
		"backups":                              func(folder string) { plant(t, folder, "backups/bookring-"+stamp+"Z.db=x") },
		"backups/bookring-" + stamp + "Z.db":   func(folder string) { plant(t, folder, "backups/bookring-"+stamp+"Z.db=x") },
		"bookring.folder":                      func(folder string) { plant(t, folder, "bookring.folder=x") },
		subfolder:                              func(folder string) { plant(t, folder, subfolder+"/bookring.folder=x") },
		subfolder + "/bookring.folder":         func(folder string) { plant(t, folder, subfolder+"/bookring.folder=x") },
		"damaged":                              func(folder string) { plant(t, folder, "damaged/"+stamp+"Z/bookring.db") },
		"demo":                                 func(folder string) { plant(t, folder, "demo/lock=") },
		"demo/bookring.db":                     func(folder string) { register(t, folder+"/demo", "BKRG") },
		"test-0123456789ab/backups/unfinished": func(folder string) { plant(t, folder, "test-0123456789ab/backups/unfinished=x") },
	} {
		t.Run(unreadable, func(t *testing.T) {
			home := newHome(t)
			folder := filepath.Join(home, "shared")
			prepare(folder)
			only := filepath.Dir(unreadable) == "damaged" || strings.HasPrefix(unreadable, "demo") || strings.HasPrefix(unreadable, "test-") || unreadable == "damaged"
			if !only {
				plant(t, folder, "letter.odt")
			}
			for path := folder; path != filepath.Clean(os.TempDir()); path = filepath.Dir(path) {
				if err := os.Chmod(path, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(filepath.Dir(filepath.Join(folder, unreadable)), 0o777); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, unreadable)
			info, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, 0); err != nil {
				t.Fatal(err)
			}
			before := entries(t, folder)
			var got string
			asStranger(t, func() { got, err = datafolder.Base(folder) })
			f := backend.AsFailure(err)
			if f == nil || f.Code != backend.DataFolderFailed || !strings.HasPrefix(f.Detail, filepath.Join(folder, strings.Split(unreadable, "/")[0])) {
				t.Errorf("chosen: %s, %v", got, err)
			}
			same(t, entries(t, folder), before)
			if err := os.Chmod(path, info.Mode().Perm()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// entries returns the names in a folder.
func entries(t *testing.T, folder string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range all {
		names = append(names, entry.Name())
	}
	return names
}

func TestADefaultFolderBehindALinkGoesOnWorking(t *testing.T) {
	for name, prepare := range map[string]func(target string){
		"a list of a Bookring without marks": func(target string) { register(t, target, "BKRG") },
		"an empty folder":                    func(target string) { plant(t, target, "/") },
		"a killed first run":                 func(target string) { plant(t, target, "lock=", "bookring.log=", "bookring.db=") },
	} {
		t.Run(name, func(t *testing.T) {
			home := newHome(t)
			target := filepath.Join(home, "disk", "books")
			prepare(target)
			plant(t, home, "data/bookring -> "+target)
			for range 2 {
				got, err := datafolder.Base("")
				same(t, got, target)
				same(t, err, nil)
			}
			if text, err := os.ReadFile(target + "/bookring.folder"); err != nil || !strings.Contains(string(text), "was here before") {
				t.Errorf("the mark: %s, %v", text, err) // the removal must not delete the user's folder
			}
			standard, err := datafolder.Default()
			same(t, standard, home+"/data/bookring")
			same(t, err, nil)
		})
	}
}

// The disk behind the link can be missing: an empty list on the other disk would look like
// a loss.
func TestADefaultFolderBehindALinkToNowhereIsNotReplaced(t *testing.T) {
	home := newHome(t)
	plant(t, home, "data/bookring -> "+home+"/disk/books")
	before := tree(t, home)
	_, err := datafolder.Base("")
	same(t, backend.CodeOf(err), backend.DataFolderFailed)
	same(t, backend.AsFailure(err).Detail, home+"/data/bookring")
	same(t, tree(t, home), before)
}

func TestADefaultFolderBehindALinkFollowsTheSameRules(t *testing.T) {
	home := newHome(t)
	plant(t, home, "disk/letter.odt", "data/bookring -> "+home+"/disk")
	got, err := datafolder.Base("")
	same(t, got, home+"/disk/"+subfolder)
	same(t, err, nil)
	if err := os.Remove(home + "/data/bookring"); err != nil {
		t.Fatal(err)
	}
	plant(t, home, "data/bookring -> "+home)
	_, err = datafolder.Base("")
	same(t, backend.CodeOf(err), "data-folder-home")
}

// An earlier Bookring followed links inside the folder: a new, empty list would look like a
// loss.
func TestAListBehindALinkInsideTheFolderIsSaidToBeThere(t *testing.T) {
	for _, c := range []struct {
		link, target      string
		override, refused bool
	}{
		{"bookring.db", "disk/bookring.db", false, true},
		{"bookring.db", "disk/bookring.db", true, true},
		{"bookring.db", "disk/missing", false, true},
		{"bookring.db", "disk/missing", true, false},
		{"bookring.db", "disk/letter.odt", false, false},
		{"backups", "disk/backups", false, true},
		{"backups", "disk/backups", true, true},
		{"backups", "disk/missing", false, true},
		{"backups", "disk/pictures", false, false},
	} {
		home := newHome(t)
		register(t, home+"/disk", "BKRG")
		register(t, home+"/backup", "BKRG")
		plant(t, home, "disk/letter.odt", "disk/pictures/x", "disk/backups/")
		if err := os.Rename(home+"/backup/bookring.db", home+"/disk/backups/bookring-"+stamp+"Z.db"); err != nil {
			t.Fatal(err)
		}
		folder, override := home+"/data/bookring", ""
		if c.override {
			folder, override = home+"/elsewhere", home+"/elsewhere"
		}
		plant(t, folder, "lock=", c.link+" -> "+home+"/"+c.target)
		before := tree(t, home)
		got, err := datafolder.Base(override)
		if !c.refused {
			same(t, got, folder+"/"+subfolder)
			same(t, err, nil)
			continue
		}
		f := backend.AsFailure(err)
		if f == nil || f.Code != "data-folder-list-link" || f.Detail != folder+"/"+c.link || !spoken(f) {
			t.Errorf("%v: %s, %v", c, got, err)
		}
		same(t, tree(t, home), before)
	}
}

// The list itself is readable; the backups are the register's concern.
func TestAListBesideALinkToItsBackupsIsAdopted(t *testing.T) {
	home := newHome(t)
	register(t, home+"/data/bookring", "BKRG")
	plant(t, home, "disk/", "data/bookring/backups -> "+home+"/disk")
	got, err := datafolder.Base("")
	same(t, got, home+"/data/bookring")
	same(t, err, nil)
}

// A folder of an earlier Bookring without a register is no folder of the user.
func TestTheRemainsOfABookringWithoutMarksAreAdopted(t *testing.T) {
	logLine := `{"time":"2026-01-02T03:04:05Z","level":"INFO","msg":"begun"}` + "\n"
	geometry := `window.json={"X":1,"Y":1,"Width":1180,"Height":760,"Maximised":false}`
	damaged := "damaged/" + stamp + "Z/bookring.db"
	for name, names := range map[string][]string{
		"killed after the lock":            {"lock="},
		"killed after the log":             {"lock=", "bookring.log="},
		"killed before the first page":     {"lock=", "bookring.log=" + logLine, "bookring.db=", ".bookring-123="},
		"killed in the first migration":    {"lock=", "bookring.log=" + logLine, "bookring.db=", "bookring.db-wal=x", "bookring.db-shm=x"},
		"a damaged list without backups":   {"lock=", "bookring.log=" + logLine, "bookring.db=\x00\x00\x00"},
		"the demo alone":                   {geometry, "demo/lock=", "demo/bookring.log=" + logLine},
		"test servers alone":               {geometry, "test-0123456789ab/lock=", "test-ba9876543210/" + damaged},
		"damaged files only":               {damaged, damaged + "-wal"},
		"damaged files and earlier logs":   {"lock=", damaged, "bookring-" + stamp + ".log=" + logLine},
		"empty folders beside the lock":    {"lock=", "backups/", "damaged/", "demo/"},
		"files of the system beside":       {"lock=", ".DS_Store", "desktop.ini", "Thumbs.db"},
		"the web view's folder on Windows": {"lock=", "WebView2/EBWebView/Local State"},
	} {
		t.Run(name, func(t *testing.T) {
			home := newHome(t)
			for _, path := range []string{home + "/data/bookring", home + "/elsewhere"} {
				plant(t, path, names...)
				before := tree(t, path)
				override := ""
				if path == home+"/elsewhere" {
					override = path
				}
				got, err := datafolder.Base(override)
				same(t, got, path)
				same(t, err, nil)
				now := tree(t, path)
				delete(now, path+"/bookring.folder")
				same(t, now, before)
			}
			// A data set's folder inside Bookring's own.
			plant(t, home+"/elsewhere/test-aaaaaaaaaaaa", names...)
			got, err := datafolder.Choose(home + "/elsewhere/test-aaaaaaaaaaaa")
			same(t, got, home+"/elsewhere/test-aaaaaaaaaaaa")
			same(t, err, nil)
		})
	}
}

func TestWhatAWebViewAndTheLocksLeftInTheDefaultFolderIsAdopted(t *testing.T) {
	for _, names := range [][]string{
		{"locks/0123456789ab="}, {"storage/salt", "hsts-storage.sqlite"}, {"mediakeys/v1/salt", "locks/0123456789ab="},
	} {
		home := newHome(t)
		plant(t, home+"/data/bookring", names...)
		plant(t, home+"/elsewhere", names...)
		got, err := datafolder.Base("")
		same(t, got, home+"/data/bookring")
		same(t, err, nil)
		got, err = datafolder.Base(home + "/elsewhere")
		same(t, got, home+"/elsewhere/"+subfolder)
		same(t, err, nil)
	}
}

func TestAFolderThatOnlyResemblesBookringsIsNotAdopted(t *testing.T) {
	for _, names := range [][]string{
		{"lock=mine"},
		{"Lock="},
		{"bookring.log={\"time\":1}"},
		{"lock=", "letter.odt"},
		{"lock=", "bookring.log=mine"},
		{"lock=", "window.json=[]"},
		{"lock=", "bookring-minutes-2026.log="},
		{"lock=", "backups/holiday.tar"},
		{"lock=", "damaged/2026/bookring.db"},
		{"lock=", "damaged/" + stamp + "Z/letter.odt"},
		{"demo/song.ogg"},
		{"demo/", "backups/"},
		{"demo/", "letter.odt"},
		{"demo -> /nowhere"},
		{"lock=", "demo/song.ogg"},
		{"lock=", "Demo/"},
		{"test-plan/lock="},
		{"test-0123456789AB/lock="},
		{"lock=", "locks/0123456789ab="},
		{"lock/"},
		{"lock=", "bookring.db.notes.odt"},
		{"lock=", "bookring.db/"},
		{"lock -> /nowhere"},
		{"lock=", "backups -> /nowhere"},
		{"lock=", subfolder + "/"},
		{"backups/"},
		{"damaged/"},
		{"bookring.db="},
		{"bookring.db=mine"},
		{"storage/salt"},
		{"lock=", "bookring.folder=mine"},
	} {
		home := newHome(t)
		folder := home + "/shared"
		plant(t, folder, names...)
		before := tree(t, folder)
		got, err := datafolder.Base(folder)
		if got != folder+"/"+subfolder || err != nil {
			t.Errorf("%q: %s, %v", names, got, err)
		}
		for path, was := range before {
			if now := tree(t, folder)[path]; now != was {
				t.Errorf("%q: %s is %s, was %s", names, path, now, was)
			}
		}
	}
	home := newHome(t)
	register(t, home+"/shared", "ABCD")
	plant(t, home+"/shared", "lock=")
	got, err := datafolder.Base(home + "/shared")
	same(t, got, home+"/shared/"+subfolder)
	same(t, err, nil)
}

func TestAFolderWithOnlyEmptyFoldersOfDataSetsIsEmpty(t *testing.T) {
	home := newHome(t)
	folder := home + "/data/bookring"
	plant(t, folder, "demo/", "test-0123456789ab/")
	before := tree(t, folder)
	got, err := datafolder.Base("")
	same(t, got, folder)
	same(t, err, nil)
	demo, err := datafolder.Choose(folder + "/demo")
	same(t, demo, folder+"/demo")
	same(t, err, nil)
	datafolder.Unmark(demo)
	datafolder.Unmark(folder)
	same(t, tree(t, folder), before)
}

func TestAFolderWithOnlyTheSystemsFilesIsEmpty(t *testing.T) {
	home := newHome(t)
	folder := home + "/disk"
	plant(t, folder, ".DS_Store", ".localized", ".directory", "Desktop.ini", "Thumbs.db", "lost+found/")
	before := tree(t, folder)
	got, err := datafolder.Base(folder)
	same(t, got, folder)
	same(t, err, nil)
	datafolder.Unmark(folder)
	same(t, tree(t, folder), before)
	plant(t, home, "file/lost+found", "folder/.DS_Store/")
	for _, path := range []string{home + "/file", home + "/folder"} { // of another kind
		got, err := datafolder.Base(path)
		same(t, got, path+"/"+subfolder)
		same(t, err, nil)
	}
}

// The register of an existing user must open, although the mark is not written. The cause
// is an error without a meaning here: a path of the mark's temporary file that is too long.
func TestAMarkThatCannotBeWrittenDoesNotFailTheStartOfAnExistingUser(t *testing.T) {
	home := newHome(t)
	long := func(name string) string {
		path := filepath.Join(home, name)
		for len(path) < 4075-200 {
			path = filepath.Join(path, strings.Repeat("d", 199))
		}
		return filepath.Join(path, strings.Repeat("d", 4075-len(path)-1))
	}
	register(t, long("list"), "BKRG")
	plant(t, long("first-run"), "lock=")
	plant(t, long("empty"), "/")
	for _, folder := range []string{long("list"), long("first-run")} {
		got, err := datafolder.Base(folder)
		same(t, got, folder)
		same(t, err, nil)
		if _, err := os.Lstat(folder + "/bookring.folder"); err == nil {
			t.Error("the mark was written: the test proves nothing")
		}
	}
	_, err := datafolder.Base(long("empty"))
	same(t, backend.CodeOf(err), backend.DataFolderFailed)
}

func TestAnExhaustedQuotaIsAFullDisk(t *testing.T) {
	for err, want := range map[error]bool{unix.ENOSPC: true, unix.EDQUOT: true, unix.EACCES: false} {
		same(t, datafolder.IsFull(&os.PathError{Op: "write", Path: "x", Err: err}), want)
	}
}

// A mark of another folder, copied by hand, must not hide the list in the subfolder.
func TestAMarkCopiedOutOfTheSubfolderDoesNotHideTheList(t *testing.T) {
	home := newHome(t)
	folder := home + "/shared"
	plant(t, folder, "letter.odt")
	own, err := datafolder.Base(folder)
	same(t, err, nil)
	register(t, own, "BKRG")
	mark, err := os.ReadFile(own + "/bookring.folder")
	if err != nil {
		t.Fatal(err)
	}
	plant(t, folder, "bookring.folder="+string(mark))
	got, err := datafolder.Base(folder)
	same(t, got, own)
	same(t, err, nil)
}

func TestAFileOfTheUserWithTheMarksNameStays(t *testing.T) {
	for _, name := range []string{"bookring.folder=mine", "bookring.folder -> /nowhere", "bookring.folder/"} {
		home := newHome(t)
		register(t, home+"/list", "BKRG")
		plant(t, home+"/list", name)
		before := tree(t, home+"/list")
		got, err := datafolder.Base(home + "/list")
		same(t, got, home+"/list")
		same(t, err, nil)
		datafolder.Unmark(got)
		same(t, tree(t, home+"/list"), before)
	}
}

func TestAKilledWritingOfTheMarkIsRepeated(t *testing.T) {
	home := newHome(t)
	for _, text := range []string{"", "Bookring keeps"} {
		folder := t.TempDir()
		plant(t, folder, ".bookring-folder-123="+text)
		got, err := datafolder.Base(folder)
		same(t, got, folder)
		same(t, err, nil)
		datafolder.Unmark(folder)
		count(t, folder, 0)
	}
	plant(t, home+"/shared", ".bookring-folder-123=mine")
	got, err := datafolder.Base(home + "/shared")
	same(t, got, home+"/shared/"+subfolder)
	same(t, err, nil)
}

func TestCopiesStartingAtOnceUseTheSameFolder(t *testing.T) {
	newHome(t)
	for name, prepare := range map[string]func(folder string){
		"missing":            func(string) {},
		"missing parents":    func(string) {},
		"empty":              func(folder string) { plant(t, folder, "/") },
		"with other files":   func(folder string) { plant(t, folder, "letter.odt") },
		"of a killed run":    func(folder string) { plant(t, folder, "lock=") },
		"without a register": func(folder string) { plant(t, folder, "demo/lock=") },
	} {
		for range 20 {
			folder := filepath.Join(t.TempDir(), "data")
			if name == "missing parents" {
				folder = filepath.Join(folder, "deep", "data")
			}
			prepare(folder)
			var starting sync.WaitGroup
			found := make([]string, 8)
			for i := range found {
				starting.Go(func() {
					path, err := datafolder.Base(folder)
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
					found[i] = path
					if file, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE, 0o600); err == nil { // like the start goes on
						_ = file.Close()
					}
				})
			}
			starting.Wait()
			for _, path := range found {
				same(t, path, found[0])
			}
		}
	}
}

// A file system without upper and lower case finds the user's "Demo" as "demo".
func TestNamesMatchExactlyOnAFileSystemWithoutCase(t *testing.T) {
	newHome(t)
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=1m,casefold"); err != nil {
		t.Skipf("no such file system: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	folder = filepath.Join(folder, "data")
	plant(t, folder, "/")
	fd, err := os.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	const casefold = 0x40000000 // FS_CASEFOLD_FL
	err = unix.IoctlSetPointerInt(int(fd.Fd()), unix.FS_IOC_SETFLAGS, casefold)
	_ = fd.Close()
	if err != nil {
		t.Skipf("no folder without case: %v", err)
	}
	plant(t, folder, "Lock=")
	before := tree(t, folder)
	got, err := datafolder.Base(folder)
	same(t, got, folder+"/"+subfolder)
	same(t, err, nil)
	for path, was := range before {
		same(t, tree(t, folder)[path], was)
	}
	datafolder.DeleteEmpty(folder + "/BOOKRING-DATA")
	count(t, folder, 2)
}

func TestANameIsExactWithTheSameLettersOnly(t *testing.T) {
	folder := t.TempDir()
	plant(t, folder, "Lock=")
	for name, want := range map[string]bool{"Lock": true, "lock": false, "LOCK": false, "Loc": false} {
		same(t, datafolder.NameIsExact(folder+"/"+name), want)
	}
}
