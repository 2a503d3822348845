package database

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"bookring/backend"
)

// prepare creates the folder and the file, closed to other users, and reports whether the file is empty. An
// existing folder keeps the mode: other programs may use the folder too.
func prepare(path string) (empty bool, err error) {
	folder := filepath.Dir(path)
	for _, suffix := range []string{"", "-wal", "-journal"} { // SQLite opens no -shm through a link
		if err := isFreeForFile(path + suffix); err != nil {
			return false, folderFailure(path+suffix, err)
		}
	}
	for _, step := range []func() error{
		func() error { return makeFolder(folder) },
		func() error { return tryFolder(folder) },
		func() error { return makeFile(path) },
		func() error { return writable(path) },
	} {
		if err := step(); err != nil {
			return false, folderFailure(folder, err)
		}
	}
	info, err := os.Lstat(path)
	if err != nil {
		return false, folderFailure(folder, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		// A file system without modes refuses the change and has no mode to narrow.
		_ = os.Chmod(path, 0o600)
	}
	if info.Size() > 0 {
		return false, verifyHeader(path)
	}
	// SQLite takes an empty file for a new database and deletes the log with the last changes.
	if log, err := os.Lstat(path + "-wal"); err == nil && log.Size() > 0 {
		return false, fmt.Errorf("empty file with a log: %w", ErrDamaged)
	}
	return true, nil
}

func makeFolder(folder string) error {
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	// The umask may have removed permissions of the user.
	return os.Chmod(folder, 0o700) //nolint:gosec // a folder needs its x bit
}

// tryFolder fails if SQLite could not create companion files in the folder. A full disk is no error: a
// database on a full disk is still readable.
func tryFolder(folder string) error {
	file, err := os.CreateTemp(folder, ".bookring-*")
	if isFull(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// makeFile creates a missing file. makeFile never opens an existing file: closing the file would release
// SQLite's locks in the process (https://www.sqlite.org/howtocorrupt.html section 2.2).
func makeFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the caller chooses the folder
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(0o600), file.Close())
}

// verifyHeader checks the two bytes of the write and read version: 1 or 2
// (https://www.sqlite.org/fileformat2.html section 1.3.3). SQLite takes a file with other versions for
// read-only, sometimes only after a first write. verifyHeader opens the file: no connection of the process
// may be open.
func verifyHeader(path string) error {
	file, err := os.Open(path) //nolint:gosec // the caller chooses the folder
	if err != nil {
		return folderFailure(filepath.Dir(path), err)
	}
	defer func() { _ = file.Close() }() // only read
	var versions [2]byte
	_, err = file.ReadAt(versions[:], 18)
	if errors.Is(err, io.EOF) || versions[0]-1 > 1 || versions[1]-1 > 1 {
		return fmt.Errorf("no header: %w", ErrDamaged)
	}
	return err
}

// isFull reports a full disk or an exhausted quota.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || isFullHere(err)
}

// folderFailure returns the failure for an error of the operating system.
func folderFailure(folder string, err error) *backend.Failure {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return backend.Fail(backend.DatabaseReadOnly, folder, err)
	case isFull(err):
		return backend.Fail(backend.DatabaseFull, folder, err)
	}
	return backend.Fail(backend.DataFolderFailed, folder, err)
}
