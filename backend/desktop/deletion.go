package desktop

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"bookring/backend"
)

// DeleteFiles deletes Bookring's files and returns the leftovers. The register
// must be closed. [DataFolder.Close] deletes the files in use by the running
// program: the lock and the web view's data.
//
// With the real data, DeleteFiles deletes every data set, except a data set open
// in another copy of the program. With a test server's data, DeleteFiles deletes
// no other data set. Shared files are deleted with the last data set.
func (d *DataFolder) DeleteFiles() []backend.Leftover {
	_ = d.log.Close()
	d.deleted = true
	return d.deleteOnce(true)
}

// deleteOnce deletes every file except the lock and, while the program is
// running, the web view's data.
func (d *DataFolder) deleteOnce(running bool) (left []backend.Leftover) {
	// Computed first: sharedPaths looks for files deleted below.
	paths := d.sharedPaths()
	if !running && d.isLast() {
		paths = append(paths, d.webviewPaths()...)
	}
	for _, path := range d.otherDataSets() {
		left = append(left, deleteDataSet(path)...)
	}
	for _, name := range []string{backupsFolder, damagedFolder} {
		for _, path := range d.copies(name) {
			left = append(left, deletePath(path)...)
		}
		_ = os.Remove(filepath.Join(d.Path, name)) // fails if the user has other files inside
	}
	for _, name := range entries(d.Path) {
		if isDataFile(name) && name != lockFile && name != registerFile {
			left = append(left, deletePath(filepath.Join(d.Path, name))...)
		}
	}
	// The register comes last, so that an interrupted deletion leaves a register
	// and only files belonging to the register.
	left = append(left, deletePath(filepath.Join(d.Path, registerFile))...)
	for _, path := range paths {
		left = append(left, deletePath(path)...)
	}
	return left
}

// The web view's processes end shortly after the window. Until then the
// processes may write files, and Windows deletes no open file.
const (
	deletionRounds = 50
	deletionPause  = 100 * time.Millisecond
	// quietRounds consecutive rounds without a remaining file end the deletion.
	quietRounds = 3
)

// deleteRest deletes the files used by the running program, and repeats the
// deletion until no file reappears. Requires the folder's lock, against writes by
// other copies of the program.
func (d *DataFolder) deleteRest() {
	endWebview()
	last := d.isLast()
	deletable := func(l backend.Leftover) bool { return !l.InUse }
	for round, quiet := 0, 0; round < deletionRounds && quiet < quietRounds; round++ {
		quiet++
		left := d.deleteOnce(false)
		if slices.ContainsFunc(left, deletable) || last && slices.ContainsFunc(d.webviewPaths(), mayExist) {
			quiet = 0
		}
		time.Sleep(deletionPause)
	}
	_ = os.Remove(filepath.Join(d.Path, lockFile))
}

// deleteFolders deletes the folders, if empty. Requires the folder's lock to be
// released, because Windows deletes no open file.
func (d *DataFolder) deleteFolders() {
	_ = os.Remove(filepath.Join(d.Path, lockFile))
	for _, folder := range append([]string{d.Path}, d.baseFolders()...) {
		_ = os.Remove(folder)
	}
}

// deleteDataSet deletes the data of the demo or of a test server, unless another
// copy of the program has the data open.
func deleteDataSet(path string) []backend.Leftover {
	unlock, err := Lock(path)
	if backend.AsFailure(err) != nil && backend.AsFailure(err).Code == backend.AlreadyRunning {
		return []backend.Leftover{{Path: path, InUse: true}}
	}
	if err == nil {
		defer unlock()
	}
	return deletePath(path)
}

func deletePath(path string) []backend.Leftover {
	if err := os.RemoveAll(path); err != nil {
		return []backend.Leftover{{Path: path}}
	}
	return nil
}
