package database

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// Nothing in the data folder is read, written, moved or deleted through a link: a link leads to files that
// are not Bookring's.

var (
	errNoFile   = errors.New("a link or a folder in place of a file")
	errNoFolder = errors.New("a link or a file in place of a folder")
)

// isFile returns nil for a regular file, fs.ErrNotExist for nothing at path, otherwise errNoFile.
func isFile(path string) error {
	info, err := os.Lstat(path)
	if err == nil && (info.IsDir() || isOther(info.Mode())) {
		return &fs.PathError{Op: "use", Path: path, Err: errNoFile}
	}
	return err
}

// isFolder is isFile for a folder.
func isFolder(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !info.IsDir() {
		return &fs.PathError{Op: "use", Path: path, Err: errNoFolder}
	}
	return err
}

// isOther reports a link, a pipe or a device. A placeholder of a cloud service on Windows is irregular and
// no other kind.
func isOther(mode fs.FileMode) bool {
	return mode&(fs.ModeSymlink|fs.ModeNamedPipe|fs.ModeSocket|fs.ModeDevice|fs.ModeCharDevice) != 0
}

// isFreeForFile returns nil for a regular file and for nothing at path.
func isFreeForFile(path string) error {
	if err := isFile(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// makeOwnFolder creates a missing folder inside the data folder, closed to other users.
func makeOwnFolder(path string) error {
	if err := isFolder(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return makeFolder(path)
}

const (
	scannerTries = 20
	scannerPause = 50 * time.Millisecond
)

// rename renames a file, and waits a second for a virus scanner or an indexer that holds the file open.
func rename(from, to string) error {
	for try := 1; ; try++ {
		err := os.Rename(from, to)
		if !heldByScanner(err) || try == scannerTries {
			return err
		}
		time.Sleep(scannerPause)
	}
}
