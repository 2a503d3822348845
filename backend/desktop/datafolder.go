package desktop

import (
	"io"
	"log/slog"
	"path/filepath"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"
)

// DataFolder is the folder of a data set, in use by one copy of the program.
type DataFolder struct {
	Path string
	Log  *slog.Logger

	base    string // the base folder
	real    bool   // the real data
	log     io.Closer
	unlock  func()
	deleted bool
}

// OpenDataFolder creates the folder of a data set if missing, and locks the folder
// against other copies of the program until [DataFolder.Close]. Beside other files, the
// folder is a subfolder "bookring-data"; see [datafolder.Base]. Bookring's files in the demo's
// folder are deleted first. Errors: AlreadyRunning, and the errors of datafolder.Base.
//
// OpenDataFolder accepts a read-only folder, so that the window can show the data:
// without a log, and without a lock if the lock file is missing. The caller must
// then not write anywhere else either, because another copy of the program may
// use the same data.
func OpenDataFolder(e Environment) (*DataFolder, error) {
	base, err := datafolder.Base(e.DataDir)
	if err != nil {
		return nil, err
	}
	folder := base
	if name := e.subfolder(); name != "" {
		if folder, err = datafolder.Choose(filepath.Join(base, name)); err != nil {
			return nil, err
		}
	}
	unlock, err := Lock(folder)
	if err != nil && (e.Demo || backend.AsFailure(err).Code != backend.DataFolderFailed || !datafolder.IsReadOnly(folder)) {
		return nil, err
	}
	if err != nil {
		unlock = func() {}
	}
	if e.Demo {
		if left := deleteData(folder); len(left) > 0 {
			unlock()
			return nil, backend.Fail(backend.DataFolderFailed, left[0].Path, nil)
		}
	}
	d := &DataFolder{Path: folder, base: base, real: e.subfolder() == "", unlock: unlock}
	d.Log, d.log, err = OpenLog(folder)
	if err != nil { // read-only or full disk; the program starts without a log
		d.Log, d.log = slog.New(slog.DiscardHandler), io.NopCloser(nil)
	}
	return d, nil
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
