package sqlite

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

// prepare makes the folder and the file, closed to other users, and reports
// whether the file is empty. A folder that is there already keeps its mode: it
// may be somebody's own.
func prepare(file string) (fresh bool, err error) {
	folder := filepath.Dir(file)
	for _, step := range []func() error{
		func() error { return makeFolder(folder) },
		func() error { return tryFolder(folder) },
		func() error { return makeFile(file) },
		func() error { return writable(file) },
	} {
		if err := step(); err != nil {
			return false, folderFailure(folder, err)
		}
	}
	about, err := os.Stat(file)
	if err != nil {
		return false, folderFailure(folder, err)
	}
	if about.Mode().Perm()&0o077 != 0 {
		// Refused by file systems without modes, where there is nothing to narrow.
		_ = os.Chmod(file, 0o600)
	}
	if about.Size() > 0 {
		return false, checkHeader(file)
	}
	// SQLite would throw the log away, and with it what was written last.
	if log, err := os.Stat(file + "-wal"); err == nil && log.Size() > 0 {
		return false, fmt.Errorf("empty, but has a log: %w", errDamaged)
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
	// The umask may have taken bits away that we need ourselves.
	return os.Chmod(folder, 0o700) //nolint:gosec // a folder needs its x bit
}

// tryFolder finds out whether SQLite will be able to make files beside its
// own. A full disk is not the question here: what is kept can still be read.
func tryFolder(folder string) error {
	f, err := os.CreateTemp(folder, ".bookring-*")
	if errors.Is(err, syscall.ENOSPC) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// makeFile makes the file where there is none. It never opens one that is
// there, because closing it again would drop the locks that SQLite holds on it
// in this process (https://www.sqlite.org/howtocorrupt.html section 2.2).
func makeFile(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the caller chooses the folder
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// checkHeader looks at the two bytes that say how a file may be written and
// read: 1 or 2 (https://www.sqlite.org/fileformat2.html section 1.3.3). With
// others SQLite takes a damaged file for one that may only be read, sometimes
// after it has begun to write. The file is opened for it, and so nothing in
// this process may have it open yet.
func checkHeader(file string) error {
	f, err := os.Open(file) //nolint:gosec // the caller chooses the folder
	if err != nil {
		return folderFailure(filepath.Dir(file), err)
	}
	defer func() { _ = f.Close() }() // only read
	var how [2]byte
	_, err = f.ReadAt(how[:], 18)
	if errors.Is(err, io.EOF) || how[0]-1 > 1 || how[1]-1 > 1 {
		return fmt.Errorf("no header: %w", errDamaged)
	}
	return err
}

func folderFailure(folder string, err error) *backend.Failure {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return backend.Fail(backend.DatabaseReadOnly, folder, err)
	case errors.Is(err, syscall.ENOSPC):
		return backend.Fail(backend.DatabaseFull, folder, err)
	}
	return backend.Fail(backend.DataFolderFailed, folder, err)
}
