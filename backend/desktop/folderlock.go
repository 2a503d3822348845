package desktop

import (
	"os"
	"path/filepath"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"

	"github.com/gofrs/flock"
)

// Lock locks a folder against other copies of Bookring until release. The
// operating system holds the lock, so that the lock always ends with the process.
// Only the deletion of a data set deletes the lock file. Lock accepts no lock on a
// deleted file, because another process can lock the next file.
//
// Errors: AlreadyRunning if another process holds the lock, DataFolderFailed with
// the folder if the lock file cannot be opened, or is no regular file.
func Lock(folder string) (release func(), err error) {
	path := filepath.Join(folder, datafolder.LockFile)
	for {
		if err := datafolder.Free(path); err != nil {
			return nil, backend.Fail(backend.DataFolderFailed, folder, err)
		}
		lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDONLY|datafolder.WithoutLinks))
		locked, err := lock.TryLock()
		if err != nil {
			return nil, backend.Fail(backend.DataFolderFailed, folder, err)
		}
		if !locked {
			return nil, backend.Fail(backend.AlreadyRunning, "", nil)
		}
		if isCurrent(lock) {
			return func() { _ = lock.Unlock() }, nil
		}
		_ = lock.Unlock()
	}
}

// isCurrent reports whether the file of a held lock is still at the lock's path. A removal
// can have deleted the file between the opening and the locking.
func isCurrent(lock *flock.Flock) bool {
	held, err := lock.Stat()
	current, currentErr := os.Lstat(lock.Path())
	return err == nil && currentErr == nil && os.SameFile(held, current)
}
