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

// CountFiles counts the files covered by [Home.DeleteFiles].
func (h *Home) CountFiles() backend.FileCounts {
	counts := backend.FileCounts{
		Backups: len(h.copies(backupsFolder)),
		Damaged: len(h.copies(damagedFolder)),
		Others:  len(h.otherDataSets()),
		Shared:  h.isLast(),
	}
	for _, name := range entries(h.Folder) {
		if isLog(name) {
			counts.Logs++
		}
	}
	return counts
}

// sharedPaths returns the paths shared by several data sets and not needed after
// the deletion of h: the window's geometry, and the locks on sign-ins. The locks
// are always in the default base folder.
func (h *Home) sharedPaths() (paths []string) {
	if h.isLastIn(h.base) {
		paths = append(paths, filepath.Join(h.base, geometryFile))
	}
	if folder, err := defaultBaseFolder(); err == nil && h.isLast() {
		paths = append(paths, filepath.Join(folder, locksFolder))
	}
	return paths
}

// otherDataSets returns the data sets deleted together with h: with the real
// data, the data of the demo and of every test server; otherwise none.
func (h *Home) otherDataSets() (paths []string) {
	if !h.isReal() {
		return nil
	}
	for _, name := range entries(h.base) {
		if path := filepath.Join(h.base, name); isOtherDataSet(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// isLast reports whether deleting h leaves no data set. The web view's data are
// then unused.
func (h *Home) isLast() bool {
	return !slices.ContainsFunc(h.baseFolders(), func(folder string) bool { return !h.isLastIn(folder) })
}

// isLastIn is isLast for a single base folder.
func (h *Home) isLastIn(folder string) bool {
	if folder != h.Folder && mayExist(filepath.Join(folder, registerFile)) {
		return false
	}
	return !slices.ContainsFunc(entries(folder), func(name string) bool {
		path := filepath.Join(folder, name)
		deleted := path == h.Folder || h.isReal() && folder == h.base
		return isOtherDataSet(path) && !deleted
	})
}

// baseFolders returns the base folder of h and, if different, the default base
// folder.
func (h *Home) baseFolders() []string {
	folder, err := defaultBaseFolder()
	if err != nil || folder == h.base {
		return []string{h.base}
	}
	return []string{h.base, folder}
}

// isReal reports whether h holds the real data.
func (h *Home) isReal() bool { return h.Folder == h.base }

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
func (h *Home) copies(folder string) (paths []string) {
	for _, name := range entries(filepath.Join(h.Folder, folder)) {
		if copyNames[folder].MatchString(name) {
			paths = append(paths, filepath.Join(h.Folder, folder, name))
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
