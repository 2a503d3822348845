package desktop

import (
	"path/filepath"

	"github.com/gofrs/flock"

	"bookring/backend"
)

const lockFile = "lock"

// Lock keeps a second copy of Bookring away from the data in folder until
// release is called. The system holds the lock, not the file: it ends with the
// process however that ends, and the file is never deleted, because a deleted
// one could be locked twice.
//
// It fails with AlreadyRunning if another process holds the lock, and with
// DataFolderFailed and the folder if there can be none.
func Lock(folder string) (release func(), err error) {
	lock := flock.New(filepath.Join(folder, lockFile))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	if !locked {
		return nil, backend.Fail(backend.AlreadyRunning, "", nil)
	}
	return func() { _ = lock.Unlock() }, nil
}
