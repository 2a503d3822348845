package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"bookring/backend"
)

// prepare makes the folder and the file, closed to other users, and reports
// whether the file is empty. A folder that is there already keeps its mode: it
// may be somebody's own.
func prepare(folder, file string) (fresh bool, err error) {
	if err := makeFolder(folder); err != nil {
		return false, folderFailure(folder, err)
	}
	if err := tryFolder(folder); err != nil {
		return false, folderFailure(folder, err)
	}
	if err := makeFile(file); err != nil {
		return false, folderFailure(folder, err)
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
		return false, nil
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

func folderFailure(folder string, err error) *backend.Failure {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return backend.Fail(backend.DatabaseReadOnly, folder, err)
	case errors.Is(err, syscall.ENOSPC):
		return backend.Fail(backend.DatabaseFull, folder, err)
	}
	return backend.Fail(backend.DataFolderFailed, folder, err)
}
