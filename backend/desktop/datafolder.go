package desktop

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"bookring/backend"
)

// DataFolder is the folder of a data set, in use by one copy of the program.
type DataFolder struct {
	Path string
	Log  *slog.Logger

	base    string // the base folder
	log     io.Closer
	unlock  func()
	deleted bool
}

// OpenDataFolder creates the folder of a data set if missing, and locks the folder
// against other copies of the program until [DataFolder.Close]. The demo's folder
// is emptied first. Errors: DataFolderFailed, AlreadyRunning.
//
// OpenDataFolder accepts a read-only folder, so that the window can show the data:
// without a log, and without a lock if the lock file is missing. The caller must
// then not write anywhere else either, because another copy of the program may
// use the same data.
func OpenDataFolder(e Environment) (*DataFolder, error) {
	base, err := BaseFolder(e.DataDir)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(base, e.subfolder())
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	unlock, err := Lock(folder)
	if err != nil && (e.Demo || backend.AsFailure(err).Code != backend.DataFolderFailed || !isReadOnly(folder)) {
		return nil, err
	}
	if err != nil {
		unlock = func() {}
	}
	if e.Demo {
		if err := empty(folder); err != nil {
			unlock()
			return nil, err
		}
	}
	d := &DataFolder{Path: folder, base: base, unlock: unlock}
	d.Log, d.log, err = OpenLog(folder)
	if err != nil { // read-only or full disk; the program starts without a log
		d.Log, d.log = slog.New(slog.DiscardHandler), io.NopCloser(nil)
	}
	return d, nil
}

// isReadOnly reports whether a folder is readable and certainly not writable.
func isReadOnly(folder string) bool {
	if _, err := os.ReadDir(folder); err != nil {
		return false
	}
	f, err := os.CreateTemp(folder, ".bookring-*")
	if err != nil {
		return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	return false
}

// Close closes the log and unlocks the folder. After [DataFolder.DeleteFiles],
// Close also deletes the files in use until now. The caller must not write to the
// folder after Close.
func (d *DataFolder) Close() {
	_ = d.log.Close()
	if d.deleted {
		d.deleteRest()
	}
	d.unlock()
	if d.deleted {
		d.deleteFolders()
	}
}

// empty deletes the content of a folder, except the lock.
func empty(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return backend.Fail(backend.DataFolderFailed, folder, err)
	}
	for _, entry := range entries {
		if entry.Name() == lockFile {
			continue
		}
		if err := os.RemoveAll(filepath.Join(folder, entry.Name())); err != nil {
			return backend.Fail(backend.DataFolderFailed, folder, err)
		}
	}
	return nil
}
