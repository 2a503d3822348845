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
	register      = "bookring.db"
)

// copies are the folders in which the register's copies stand, and what these
// are called.
var copies = map[string]*regexp.Regexp{
	backupsFolder: regexp.MustCompile(`^(bookring-.*\.db|unfinished)`),
	damagedFolder: regexp.MustCompile(`^[0-9]{8}T[0-9]{6}\.[0-9]{6}Z$`),
}

// testFolder is the folder of a test server's data, see [Environment.Place].
var testFolder = regexp.MustCompile(`^test-[0-9a-f]{12}$`)

// isData says by its name whether an entry of a data folder is the register, a
// log, or what stands beside them. BOOKRING_DATA_DIR can name a folder that
// holds somebody's own things, so nothing else is touched.
func isData(name string) bool {
	return strings.HasPrefix(name, register) || isLog(name) || strings.HasPrefix(name, ".bookring-") || name == lockFile
}

func isLog(name string) bool {
	return strings.HasPrefix(name, "bookring") && strings.HasSuffix(name, ".log")
}

// isPlace says whether a folder holds the data of the demo or of a test server.
func isPlace(path string) bool {
	name := filepath.Base(path)
	return (name == demoFolder || testFolder.MatchString(name)) && isThere(filepath.Join(path, lockFile))
}

// Kept counts what [Home.Erase] would remove.
func (h *Home) Kept() backend.FileCounts {
	kept := backend.FileCounts{
		Backups: len(h.copies(backupsFolder)),
		Damaged: len(h.copies(damagedFolder)),
		Others:  len(h.places()),
		Shared:  h.alone(),
	}
	for _, name := range entries(h.Folder) {
		if isLog(name) {
			kept.Logs++
		}
	}
	return kept
}

// sharedPaths are what all places share and nobody will need any more: how the
// window stands, and the locks on sign-ins, which are in the usual folder
// whatever the environment says.
func (h *Home) sharedPaths() (paths []string) {
	if h.aloneIn(h.base) {
		paths = append(paths, filepath.Join(h.base, stateName))
	}
	if usual, err := base(); err == nil && h.alone() {
		paths = append(paths, filepath.Join(usual, locksFolder))
	}
	return paths
}

// places are the data of the demo and of test servers that go with the real ones.
func (h *Home) places() (paths []string) {
	if !h.real() {
		return nil
	}
	for _, name := range entries(h.base) {
		if path := filepath.Join(h.base, name); isPlace(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// alone reports that no other data of Bookring's would be left: then nobody
// needs what the window's browser engine keeps.
func (h *Home) alone() bool {
	return !slices.ContainsFunc(h.folders(), func(folder string) bool { return !h.aloneIn(folder) })
}

// aloneIn reports that of one folder.
func (h *Home) aloneIn(folder string) bool {
	if folder != h.Folder && isThere(filepath.Join(folder, register)) {
		return false
	}
	return !slices.ContainsFunc(entries(folder), func(name string) bool {
		path := filepath.Join(folder, name)
		goes := path == h.Folder || h.real() && folder == h.base
		return isPlace(path) && !goes
	})
}

// folders are the base folder of this home and the usual one, if that is another.
func (h *Home) folders() []string {
	usual, err := base()
	if err != nil || usual == h.base {
		return []string{h.base}
	}
	return []string{h.base, usual}
}

// real reports that this is the real data's home, in the base folder itself.
func (h *Home) real() bool { return h.Folder == h.base }

// entries returns the names in a folder, none if there is no such folder.
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

// copies returns the register's copies in one of the folders that hold them.
func (h *Home) copies(folder string) (paths []string) {
	for _, name := range entries(filepath.Join(h.Folder, folder)) {
		if copies[folder].MatchString(name) {
			paths = append(paths, filepath.Join(h.Folder, folder, name))
		}
	}
	return paths
}

// isThere reports whether there is anything at a path, or may be.
func isThere(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
