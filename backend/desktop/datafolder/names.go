package datafolder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// The names of Bookring's files and folders in a base folder or in the folder of a data
// set.
const (
	LockFile       = "lock"
	GeometryFile   = "window.json" // in the base folder
	RegisterFile   = "bookring.db"
	CurrentLog     = "bookring.log"
	BackupsFolder  = "backups"
	DamagedFolder  = "damaged"
	DemoFolder     = "demo"     // in the base folder
	LocksFolder    = "locks"    // in the default folder
	WebView2Folder = "WebView2" // in the base folder
	// temporaryFile is the pattern for the names of temporary files.
	temporaryFile = ".bookring-*"
)

// The names of Bookring's files match exactly: a folder of Bookring can also hold files
// of the user. A name alone never makes a link or a folder a file of Bookring.
var (
	Register   = regexp.MustCompile(`^bookring\.db(-wal|-shm|-journal)?$`)
	Backup     = regexp.MustCompile(`^(bookring-[0-9]{8}T[0-9]{6}\.[0-9]{6}Z\.db|unfinished)(-wal|-shm|-journal)?$`)
	Damaged    = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}\.[0-9]{6}Z$`)
	EarlierLog = regexp.MustCompile(`^bookring-[0-9]{8}T[0-9]{6}\.[0-9]{6}\.log$`)
	Log        = regexp.MustCompile(`^bookring(-[0-9]{8}T[0-9]{6}\.[0-9]{6})?\.log$`)
	Temporary  = regexp.MustCompile(`^\.bookring-[0-9]+$`)
	SignInLock = regexp.MustCompile(`^[0-9a-f]{12}$`)
	DataSet    = regexp.MustCompile(`^(demo|test-[0-9a-f]{12})$`)
	// WebKit matches the names in the default folder and in the cache of a program with
	// WebKitGTK 2.40 or later.
	WebKit = regexp.MustCompile(`^(databases|deviceidhashsalts|itp|localstorage|mediakeys|serviceworkers|storage` +
		`|hsts-storage\.sqlite(-wal|-shm|-journal)?` +
		`|WebKitCache|CacheStorage|NetworkCache|AlternativeServices|applications|icondatabase)$`)
)

// Files returns the paths of the regular files with a matching name in a folder,
// sorted; none for an unreadable folder and for a link.
func Files(folder string, name *regexp.Regexp) []string {
	return Paths(folder, name, IsFile)
}

// Folders is Files for folders.
func Folders(folder string, name *regexp.Regexp) []string {
	return Paths(folder, name, IsFolder)
}

// Paths is Files for every path that fits.
func Paths(folder string, name *regexp.Regexp, fits func(path string) bool) (paths []string) {
	if !IsFolder(folder) {
		return nil
	}
	all, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, entry := range all {
		if path := filepath.Join(folder, entry.Name()); name.MatchString(entry.Name()) && fits(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// IsFile reports whether path is a regular file, and no link.
func IsFile(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && isRegular(info)
}

// IsFolder reports whether path is a folder, and no link.
func IsFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

// MayExist reports whether a file or folder exists at path. An error counts as
// existing.
func MayExist(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// Same reports whether two paths name one existing folder or file: the text differs
// with links in the paths and on a file system without upper and lower case.
func Same(a, b string) bool {
	if a == b {
		return true
	}
	first, err := os.Lstat(a)
	if err != nil {
		return false
	}
	second, err := os.Lstat(b)
	return err == nil && os.SameFile(first, second)
}

// ErrNoFile is the cause of a failure for a folder or a link in place of a file.
var ErrNoFile = errors.New("not a regular file")

// Free returns ErrNoFile for a folder, a link or a device in place of a regular file; nil
// for a file or nothing at path. A single look: nothing can change between two.
func Free(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !isRegular(info):
		return ErrNoFile
	}
	return nil
}

// DeleteEmpty deletes an empty folder, and nothing else.
func DeleteEmpty(path string) {
	if IsFolder(path) && NameIsExact(path) {
		_ = os.Remove(path)
	}
}

// NameIsExact reports whether a folder lists a path's name with the same letters. A file
// system without upper and lower case also finds a file "Lock" of the user as "lock".
func NameIsExact(path string) bool {
	all, err := os.ReadDir(filepath.Dir(path))
	return err != nil || slices.ContainsFunc(all, func(entry os.DirEntry) bool { return entry.Name() == filepath.Base(path) })
}
