package desktop_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/desktop"

	"golang.org/x/sys/unix"
)

// snapshot returns type, mode and content of all files and folders below a folder, and
// of the folder itself. The subtrees in without are omitted.
func snapshot(t *testing.T, folder string, without ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if slices.Contains(without, path) {
			return fs.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content := ""
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			content, err = os.Readlink(path)
		case info.Mode().IsRegular():
			var text []byte
			text, err = os.ReadFile(path)
			content = string(text)
		}
		found[path] = fmt.Sprintf("%v %q", info.Mode(), content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// unchanged reports every file of before that was changed or removed.
func unchanged(t *testing.T, after string, before, now map[string]string) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(before)) {
		if now[path] != before[path] {
			t.Errorf("after %s: %s is %s, was %s", after, path, now[path], before[path])
		}
	}
}

// plantAll creates files below a folder; a name ending in / is an empty folder, a name
// with an arrow a symbolic link.
func plantAll(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		link, target, isLink := strings.Cut(name, " -> ")
		path := filepath.Join(folder, link)
		parent := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			parent = path
		}
		if err := os.MkdirAll(parent, 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case isLink:
			err = os.Symlink(target, path)
		case parent != path:
			err = os.WriteFile(path, []byte("the user's "+name), 0o644)
			old := time.Now().Add(-30 * 24 * time.Hour) // older than every retained log
			err = errors.Join(err, os.Chtimes(path, old, old))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

const stamp = "20260102T030405.000006"

// exact are the names of all files that Bookring makes, as files of the user. OUT is a
// folder elsewhere.
var exact = []string{
	"lock", "window.json", "bookring.folder", "bookring.log", "bookring-" + stamp + ".log", ".bookring-123", ".bookring-folder-123",
	"bookring.db", "bookring.db-wal", "bookring.db-shm", "bookring.db-journal",
	"backups/bookring-" + stamp + "Z.db", "backups/unfinished", "damaged/" + stamp + "Z/bookring.db", "damaged/" + stamp + "Z/bookring.db-wal",
	"demo/lock", "demo/bookring.log", "demo/song.ogg", "demo/backups/bookring-" + stamp + "Z.db", testFolder + "/lock", testFolder + "/bookring.log",
	"locks/0123456789ab", "storage/salt", "hsts-storage.sqlite", "mediakeys/v1/salt", "WebView2/x",
}

// near are names that resemble Bookring's, and links with the exact names of files that
// Bookring does not need at a start.
var near = []string{
	"letter.odt", "Lock", "lock.txt", "window.json.bak", "Window.json", "bookring.folder.txt", "bookring.log.1", "bookring-minutes-2026.log",
	"bookring-20260102.log", "bookring-" + stamp + ".log.gz", "bookrings.log", ".bookring-notes", ".bookring-1x",
	"bookring.db.notes.odt", "bookring.db-wal.bak", "bookring.db2", "bookring.dbx", "Bookring.db", "bookring.db-journal -> OUT/precious",
	"bookring-" + "20260102T030405.000007" + ".log -> OUT/precious",
	"backups/bookring-notes.db", "backups/bookring-" + stamp + "Z.db.odt", "backups/unfinished-letter", "backups/deep/bookring.db",
	"backups/bookring-20260102T030405.000007Z.db -> OUT/precious",
	"damaged/2026", "damaged/" + stamp + "Z.txt", "damaged/20260102T030405.000008Z", "damaged/20260102T030405.000009Z/letter.odt",
	"damaged/20260102T030405.000007Z -> OUT/folder", "demos/song.ogg", "demo.txt", "test-plan/x", "test-0123456789ab/result.csv", "test-0123456789AB/x",
	"test-ba9876543210 -> OUT/folder", "locks/door", "WebView2.txt", "empty/",
}

// subfolder is Bookring's own folder in a folder with other files.
const subfolder = "bookring-data"

const testServer = "http://localhost:1"

// testFolder is the folder of testServer's data.
const testFolder = "test-adddb243329b"

var dataSets = []struct {
	name string
	of   desktop.Environment
}{
	{"the real data", desktop.Environment{}},
	{"the demo", desktop.Environment{Demo: true}},
	{"a test server's data", desktop.Environment{Discovery: testServer}},
}

// run starts and ends the program with a data set: opens the data, writes every kind of
// file, stores the window's geometry, and ends.
func run(t *testing.T, e desktop.Environment) *desktop.DataFolder {
	t.Helper()
	data, err := desktop.OpenDataFolder(e)
	if err != nil {
		t.Fatal(err)
	}
	data.Log.Info("a line")
	plantAll(t, data.Path, "bookring.db", "bookring.db-wal", "bookring-20261121T090000.000000.log",
		"backups/bookring-20261120T090000.000000Z.db", "damaged/20261119T090000.000000Z/bookring.db")
	desktop.WriteGeometry(desktop.Window{Environment: e})
	yesterday := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(filepath.Join(data.Path, "bookring.log"), yesterday, yesterday); err != nil { // the next start begins a new log
		t.Fatal(err)
	}
	return data
}

// everyOperation runs and removes every data set in a folder and calls check after each
// operation.
func everyOperation(t *testing.T, folder string, check func(after string)) {
	t.Helper()
	for _, remove := range []bool{false, true} {
		for _, set := range slices.Backward(dataSets) {
			e := set.of
			e.DataDir = folder
			data := run(t, e)
			check("opening " + set.name)
			if remove {
				_ = data.CountFiles()
				if left := data.DeleteFiles(); len(left) > 0 {
					t.Errorf("%s: left are %v", set.name, left)
				}
				check("removing " + set.name)
			}
			data.Close()
			check("closing " + set.name)
		}
	}
}

// outside returns a folder with files that no operation may reach, and names with OUT
// replaced by the folder.
func outside(t *testing.T, names []string) (folder string, replaced []string) {
	t.Helper()
	folder = t.TempDir()
	plantAll(t, folder, "precious", "folder/bookring.db", "folder/lock", "folder/bookring-"+stamp+"Z.db",
		"folder/"+stamp+"Z/bookring.db", "folder/song.ogg")
	for _, name := range names {
		replaced = append(replaced, strings.ReplaceAll(name, "OUT", folder))
	}
	return folder, replaced
}

func TestAFolderWithOtherFilesIsLeftAsItIs(t *testing.T) {
	for name, names := range map[string][]string{
		"files with the exact names": exact,
		"files with similar names":   near,
		"links with the exact names": {
			"lock -> OUT/precious", "window.json -> OUT/precious", "bookring.log -> OUT/precious", "bookring.db -> OUT/precious",
			"backups -> OUT/folder", "damaged -> OUT/folder", "demo -> OUT/folder", testFolder + " -> OUT/folder", "locks -> OUT/folder",
			"bookring.folder -> OUT/precious",
		},
		"a single file":      {"letter.odt"},
		"the program itself": {"bookring"},
	} {
		t.Run(name, func(t *testing.T) {
			newAccount(t)
			folder := t.TempDir()
			out, names := outside(t, names)
			plantAll(t, folder, names...)
			if err := os.Chmod(folder, 0o775|fs.ModeSetgid); err != nil {
				t.Fatal(err)
			}
			own := filepath.Join(folder, subfolder)
			before, beforeOut := snapshot(t, folder, own), snapshot(t, out)
			everyOperation(t, folder, func(after string) {
				unchanged(t, after, before, snapshot(t, folder, own))
				unchanged(t, after, beforeOut, snapshot(t, out))
				if after == "opening the real data" {
					private(t, own, 0o700)
				}
			})
			same(t, snapshot(t, folder), before)
		})
	}
}

func TestOtherFilesInBookringsOwnFolderStay(t *testing.T) {
	newAccount(t)
	for name, prepare := range map[string]func(t *testing.T, folder string){
		"a folder made by Bookring":             func(*testing.T, string) {},
		"an empty folder of the user":           func(t *testing.T, folder string) { t.Helper(); plantAll(t, folder, "/") },
		"the folder of a Bookring without mark": register,
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			prepare(t, folder)
			first := run(t, desktop.Environment{DataDir: folder})
			first.Close()
			same(t, first.Path, folder)
			out, names := outside(t, near)
			plantAll(t, folder, names...)
			before := snapshot(t, folder)
			for path := range before { // only the planted files
				if rest, _ := filepath.Rel(folder, path); !slices.ContainsFunc(near, func(name string) bool {
					return strings.HasPrefix(name, rest+" -> ") || strings.Trim(name, "/") == rest
				}) {
					delete(before, path)
				}
			}
			same(t, len(before), len(near))
			beforeOut := snapshot(t, out)
			everyOperation(t, folder, func(after string) {
				unchanged(t, after, before, snapshot(t, folder))
				unchanged(t, after, beforeOut, snapshot(t, out))
			})
			for path, now := range snapshot(t, folder) {
				if before[path] == "" && !strings.HasPrefix(now, "d") {
					t.Errorf("left is %s", path)
				}
			}
		})
	}
}

// register writes the register of an earlier Bookring, without a mark.
func register(t *testing.T, folder string) {
	t.Helper()
	plantAll(t, folder, "/")
	writeRegister(t, filepath.Join(folder, "bookring.db"), "BKRG")
}

func writeRegister(t *testing.T, path, applicationID string) {
	t.Helper()
	header := make([]byte, 4096)
	copy(header, "SQLite format 3\x00")
	copy(header[68:], applicationID)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, header, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADataSetsFolderWithOtherFilesIsLeftAsItIs(t *testing.T) {
	newAccount(t)
	for _, set := range dataSets[1:] {
		t.Run(set.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			run(t, desktop.Environment{DataDir: folder}).Close()
			inner := filepath.Join(folder, map[bool]string{true: "demo", false: testFolder}[set.of.Demo])
			plantAll(t, inner, exact...)
			own := filepath.Join(inner, subfolder)
			before := snapshot(t, inner, own)
			everyOperation(t, folder, func(after string) { unchanged(t, after, before, snapshot(t, inner, own)) })
			same(t, snapshot(t, inner), before)
		})
	}
}

func TestADataSetsFolderThatIsALinkIsRefused(t *testing.T) {
	newAccount(t)
	for _, set := range dataSets[1:] {
		t.Run(set.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			run(t, desktop.Environment{DataDir: folder}).Close()
			name := map[bool]string{true: "demo", false: testFolder}[set.of.Demo]
			out, names := outside(t, []string{name + " -> OUT/folder"})
			plantAll(t, folder, names...)
			before := snapshot(t, out)
			e := set.of
			e.DataDir = folder
			_, err := desktop.OpenDataFolder(e)
			same(t, backend.AsFailure(err).Code, "data-folder-link")
			same(t, backend.AsFailure(err).Detail, filepath.Join(folder, name))
			unchanged(t, "opening", before, snapshot(t, out))
			data := run(t, desktop.Environment{DataDir: folder})
			same(t, data.CountFiles().Others, 0)
			same(t, data.DeleteFiles(), nil)
			data.Close()
			unchanged(t, "the removal", before, snapshot(t, out))
			if _, err := os.Lstat(filepath.Join(folder, name)); err != nil {
				t.Errorf("the link: %v", err)
			}
		})
	}
}

func TestTheLogFollowsNoLink(t *testing.T) {
	newAccount(t)
	for _, name := range []string{"bookring.log", "bookring-" + stamp + ".log"} {
		for _, target := range []string{"OUT/precious", "OUT/missing", "OUT/folder"} {
			folder := filepath.Join(t.TempDir(), "data")
			run(t, desktop.Environment{DataDir: folder}).Close()
			if err := os.Remove(filepath.Join(folder, "bookring.log")); err != nil {
				t.Fatal(err)
			}
			out, names := outside(t, []string{name + " -> " + target})
			plantAll(t, folder, names...)
			yesterday := unix.NsecToTimeval(time.Now().Add(-24 * time.Hour).UnixNano()) // a log to rename
			if err := unix.Lutimes(filepath.Join(folder, name), []unix.Timeval{yesterday, yesterday}); err != nil {
				t.Fatal(err)
			}
			before, beforeOut := snapshot(t, filepath.Join(folder, name)), snapshot(t, out)
			data, err := desktop.OpenDataFolder(desktop.Environment{DataDir: folder})
			if err != nil {
				t.Fatal(err)
			}
			data.Log.Info("a line")
			data.Close()
			same(t, snapshot(t, filepath.Join(folder, name)), before)
			same(t, snapshot(t, out), beforeOut)
		}
	}
}

func TestFoldersOfCopiesThatAreLinksStay(t *testing.T) {
	newAccount(t)
	folder := filepath.Join(t.TempDir(), "data")
	out, names := outside(t, []string{"backups -> OUT/folder", "damaged -> OUT/folder", "empty/"})
	plantAll(t, folder, "/")
	run(t, desktop.Environment{DataDir: folder}).Close()
	for _, name := range []string{"backups", "damaged"} {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	plantAll(t, folder, names...)
	data, err := desktop.OpenDataFolder(desktop.Environment{DataDir: folder})
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, name := range []string{"backups", "damaged", "empty"} {
		path := filepath.Join(folder, name)
		before[path] = snapshot(t, path)[path]
	}
	beforeOut := snapshot(t, out)
	same(t, data.CountFiles().Backups+data.CountFiles().Damaged, 0)
	same(t, data.DeleteFiles(), nil)
	data.Close()
	unchanged(t, "the removal", before, snapshot(t, folder))
	same(t, snapshot(t, out), beforeOut)
}

func TestAPipeInPlaceOfTheLogDoesNotBlockTheStart(t *testing.T) {
	newAccount(t)
	folder := filepath.Join(t.TempDir(), "data")
	run(t, desktop.Environment{DataDir: folder}).Close()
	if err := os.Remove(filepath.Join(folder, "bookring.log")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "bookring.log"), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, desktop.Environment{DataDir: folder}).Close()
}

func TestNoFileOfBookringIsWrittenThroughALink(t *testing.T) {
	newAccount(t)
	folder := filepath.Join(t.TempDir(), "data")
	e := desktop.Environment{DataDir: folder}
	run(t, e).Close()
	for _, name := range []string{"window.json", "lock"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	out, names := outside(t, []string{"window.json -> OUT/precious", "lock -> OUT/missing"})
	plantAll(t, folder, names...)
	before, beforeOut := snapshot(t, folder), snapshot(t, out)
	desktop.WriteGeometry(desktop.Window{Environment: e})
	_, err := desktop.OpenDataFolder(e)
	same(t, code(err), backend.DataFolderFailed)
	same(t, snapshot(t, folder), before)
	same(t, snapshot(t, out), beforeOut)
}
