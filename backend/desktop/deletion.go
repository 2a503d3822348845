package desktop

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"
)

// DeleteFiles deletes Bookring's files and returns the leftovers. The register
// must be closed. [DataFolder.Close] deletes the files in use by the running
// program: the lock and the web view's data.
//
// With the real data, DeleteFiles deletes every data set, except a data set open
// in another copy of the program. With a test server's data, DeleteFiles deletes
// no other data set. Shared files are deleted with the last data set. No other file,
// no link and no folder older than Bookring's data is deleted.
func (d *DataFolder) DeleteFiles() []backend.Leftover {
	_ = d.log.Close()
	d.deleted = true
	return d.deleteOnce(true)
}

// deleteOnce deletes every file except the lock, the mark and, while the program is
// running, the web view's data.
func (d *DataFolder) deleteOnce(running bool) (left []backend.Leftover) {
	// Computed first: the results depend on files deleted below.
	geometry, last := d.isLastIn(d.base), d.isLast()
	var webview []string
	if !running && last {
		webview = d.webviewPaths()
	}
	for _, other := range d.otherDataSets() {
		if other.unread {
			left = append(left, backend.Leftover{Path: other.path})
			continue
		}
		left = append(left, deleteDataSet(other.path)...)
	}
	left = append(left, deleteData(d.Path)...)
	if geometry {
		left = append(left, deleteFile(filepath.Join(d.base, datafolder.GeometryFile))...)
		left = append(left, deleteFiles(datafolder.Files(d.base, datafolder.Temporary))...) // of a killed run
	}
	if standard, err := datafolder.ResolvedDefault(); err == nil && last {
		left = append(left, deleteSignInLocks(standard)...)
		if d.isOwn(standard) {
			datafolder.DeleteEmpty(filepath.Join(standard, datafolder.LocksFolder))
		}
	}
	for _, path := range webview {
		left = append(left, deleteTree(path)...)
	}
	return left
}

// The web view's processes end shortly after the window. Until then the
// processes may write files, and Windows deletes no open file.
const (
	deletionRounds = 50
	// quietRounds consecutive rounds without a remaining file end the deletion.
	quietRounds = 3
)

var deletionPause = 100 * time.Millisecond // between two rounds

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
		if slices.ContainsFunc(left, deletable) || last && len(d.webviewPaths()) > 0 {
			quiet = 0
		}
		time.Sleep(deletionPause)
	}
	deleteFile(filepath.Join(d.Path, datafolder.LockFile))
}

// deleteFolders deletes the marks, and the folders that Bookring made, if empty.
// Requires the folder's lock to be released, because Windows deletes no open file.
func (d *DataFolder) deleteFolders() {
	last, folders := d.isLast(), d.baseFolders()
	if runtime.GOOS == "windows" { // elsewhere deleted before the release; see deleteHeld
		deleteFile(filepath.Join(d.Path, datafolder.LockFile))
	}
	if d.Path != d.base {
		datafolder.Unmark(d.Path)
	}
	for _, folder := range folders {
		inUse := datafolder.MayExist(filepath.Join(folder, datafolder.RegisterFile)) || len(d.dataSetsIn(folder)) > 0
		if !inUse && (folder == d.base || last) {
			datafolder.Unmark(folder)
		}
	}
}

// deleteDataSet deletes the data of the demo or of a test server, unless another
// copy of the program has the data open.
func deleteDataSet(path string) []backend.Leftover {
	unlock, err := Lock(path)
	if backend.AsFailure(err) != nil && backend.AsFailure(err).Code == backend.AlreadyRunning {
		return []backend.Leftover{{Path: path, InUse: true}}
	}
	left, lock := deleteData(path), filepath.Join(path, datafolder.LockFile)
	if err == nil {
		left = append(left, deleteHeld(lock, unlock)...)
	} else {
		left = append(left, deleteFile(lock)...)
	}
	if len(left) == 0 {
		datafolder.Unmark(path)
	}
	return left
}

// deleteData deletes the files of a data set, except the lock and the mark. The
// register comes last, so that an interrupted deletion leaves a register and only files
// belonging to the register.
func deleteData(dataSet string) (left []backend.Leftover) {
	left = append(left, deleteFiles(backupsIn(dataSet))...)
	for _, folder := range damagedIn(dataSet) {
		left = append(left, deleteFiles(datafolder.Files(folder, datafolder.Register))...)
		datafolder.DeleteEmpty(folder)
	}
	datafolder.DeleteEmpty(filepath.Join(dataSet, datafolder.BackupsFolder))
	datafolder.DeleteEmpty(filepath.Join(dataSet, datafolder.DamagedFolder))
	left = append(left, deleteFiles(datafolder.Files(dataSet, datafolder.Log))...)
	left = append(left, deleteFiles(datafolder.Files(dataSet, datafolder.Temporary))...)
	register := datafolder.Files(dataSet, datafolder.Register)
	slices.Reverse(register) // the file without a suffix comes last
	return append(left, deleteFiles(register)...)
}

func deleteFiles(paths []string) (left []backend.Leftover) {
	for _, path := range paths {
		left = append(left, deleteFile(path)...)
	}
	return left
}

// deleteFile deletes a regular file, and nothing else.
func deleteFile(path string) []backend.Leftover {
	if !datafolder.IsFile(path) || !datafolder.NameIsExact(path) {
		return nil
	}
	return leftover(path, os.Remove(path))
}

// deleteHeld deletes the file of a held lock and releases the lock. After the release the
// file can be another copy's lock. Windows deletes an open file in no copy: only there the
// deletion comes after the release.
func deleteHeld(path string, release func()) (left []backend.Leftover) {
	if runtime.GOOS == "windows" {
		release()
		return deleteFile(path)
	}
	left = deleteFile(path)
	release()
	return left
}

// deleteTree deletes a file, or a folder with the content, but no link.
func deleteTree(path string) []backend.Leftover {
	if !datafolder.IsFile(path) && !datafolder.IsFolder(path) {
		return nil
	}
	return leftover(path, os.RemoveAll(path))
}

func leftover(path string, err error) []backend.Leftover {
	if err != nil && datafolder.MayExist(path) {
		return []backend.Leftover{{Path: path}}
	}
	return nil
}
