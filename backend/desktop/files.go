package desktop

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"bookring/backend"
)

const (
	backupsFolder = "backups"
	damagedFolder = "damaged"
	locksFolder   = "locks"
	registerFile  = "bookring.db"
)

// copyNames matches the register's copies in each folder of copies.
var copyNames = map[string]*regexp.Regexp{
	backupsFolder: regexp.MustCompile(`^(bookring-.*\.db|unfinished)`),
	damagedFolder: regexp.MustCompile(`^[0-9]{8}T[0-9]{6}\.[0-9]{6}Z$`),
}

// testFolder matches the folder of a test server's data.
var testFolder = regexp.MustCompile(`^test-[0-9a-f]{12}$`)

// isDataFile reports whether a name belongs to the register, a log, a temporary
// file or the lock. BOOKRING_DATA_DIR can name a folder with other files of the
// user; Bookring must not delete the other files.
func isDataFile(name string) bool {
	return strings.HasPrefix(name, registerFile) || isLog(name) || strings.HasPrefix(name, ".bookring-") || name == lockFile
}

func isLog(name string) bool {
	return strings.HasPrefix(name, "bookring") && strings.HasSuffix(name, ".log")
}

// isOtherDataSet reports whether a folder holds the data of the demo or of a
// test server.
func isOtherDataSet(path string) bool {
	name := filepath.Base(path)
	return (name == demoFolder || testFolder.MatchString(name)) && mayExist(filepath.Join(path, lockFile))
}

// CountFiles counts the files covered by [DataFolder.DeleteFiles].
func (d *DataFolder) CountFiles() backend.FileCounts {
	counts := backend.FileCounts{
		Backups: len(d.copies(backupsFolder)),
		Damaged: len(d.copies(damagedFolder)),
		Others:  len(d.otherDataSets()),
		Shared:  d.isLast(),
	}
	for _, name := range entries(d.Path) {
		if isLog(name) {
			counts.Logs++
		}
	}
	return counts
}

// sharedPaths returns the paths shared by several data sets and not needed after
// the deletion of d: the window's geometry, and the locks on sign-ins. The locks
// are always in the default base folder.
func (d *DataFolder) sharedPaths() (paths []string) {
	if d.isLastIn(d.base) {
		paths = append(paths, filepath.Join(d.base, geometryFile))
	}
	if folder, err := defaultBaseFolder(); err == nil && d.isLast() {
		paths = append(paths, filepath.Join(folder, locksFolder))
	}
	return paths
}

// otherDataSets returns the data sets deleted together with d: with the real
// data, the data of the demo and of every test server; otherwise none.
func (d *DataFolder) otherDataSets() (paths []string) {
	if !d.isReal() {
		return nil
	}
	for _, name := range entries(d.base) {
		if path := filepath.Join(d.base, name); isOtherDataSet(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// isLast reports whether deleting d leaves no data set. The web view's data are
// then unused.
func (d *DataFolder) isLast() bool {
	return !slices.ContainsFunc(d.baseFolders(), func(folder string) bool { return !d.isLastIn(folder) })
}

// isLastIn is isLast for a single base folder.
func (d *DataFolder) isLastIn(folder string) bool {
	if folder != d.Path && mayExist(filepath.Join(folder, registerFile)) {
		return false
	}
	return !slices.ContainsFunc(entries(folder), func(name string) bool {
		path := filepath.Join(folder, name)
		deleted := path == d.Path || d.isReal() && folder == d.base
		return isOtherDataSet(path) && !deleted
	})
}

// baseFolders returns the base folder of d and, if different, the default base
// folder.
func (d *DataFolder) baseFolders() []string {
	folder, err := defaultBaseFolder()
	if err != nil || folder == d.base {
		return []string{d.base}
	}
	return []string{d.base, folder}
}

// isReal reports whether d holds the real data.
func (d *DataFolder) isReal() bool { return d.Path == d.base }

// entries returns the names in a folder, none for an unreadable folder.
func entries(folder string) (names []string) {
	all, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, entry := range all {
		names = append(names, entry.Name())
	}
	return names
}

// copies returns the register's copies in backupsFolder or damagedFolder.
func (d *DataFolder) copies(folder string) (paths []string) {
	for _, name := range entries(filepath.Join(d.Path, folder)) {
		if copyNames[folder].MatchString(name) {
			paths = append(paths, filepath.Join(d.Path, folder, name))
		}
	}
	return paths
}

// mayExist reports whether a file or folder exists at path. An error counts as
// existing.
func mayExist(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
