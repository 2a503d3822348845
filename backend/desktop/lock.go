package desktop

import (
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"bookring/backend"
)

const lockFile = "lock"

// Lock keeps a second copy of Bookring away from the data in folder until
// release is called. The system holds the lock, not the file: it ends with the
// process however that ends. Only [Home.Leave] deletes the file, and a lock on a
// deleted one counts for nothing, because there can be two.
//
// It fails with AlreadyRunning if another process holds the lock, and with
// DataFolderFailed and the folder if there can be none.
func Lock(folder string) (release func(), err error) {
	path := filepath.Join(folder, lockFile)
	for {
		lock := flock.New(path)
		locked, err := lock.TryLock()
		if err != nil {
			return nil, backend.Fail(backend.DataFolderFailed, folder, err)
		}
		if !locked {
			return nil, backend.Fail(backend.AlreadyRunning, "", nil)
		}
		held, err := lock.Stat()
		if there, thereErr := os.Stat(path); err == nil && thereErr == nil && os.SameFile(held, there) {
			return func() { _ = lock.Unlock() }, nil
		}
		_ = lock.Unlock()
	}
}
