package desktop

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"

	"github.com/gofrs/flock"
)

// signInLockTimeout limits the wait for another program's renewal.
var signInLockTimeout = 45 * time.Second

const signInLockPoll = 50 * time.Millisecond

// LockSignIn locks a sign-in against renewal by any other program of this user,
// for every data folder, until unlock or the end of the program. The kernel holds
// the lock; only the removal of the last data set deletes the lock file, and only while no
// program holds the lock. LockSignIn accepts no lock on a deleted file. Errors: SignInBusy if
// another program holds the lock for 45 s, DataFolderFailed, Cancelled.
func LockSignIn(ctx context.Context, key backend.SignInKey) (unlock func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, signInLockTimeout)
	defer cancel()
	for {
		path, err := signInLockPath(key)
		if err != nil {
			return nil, err
		}
		lock := flock.New(path, flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDONLY|datafolder.WithoutLinks))
		held, err := lock.TryLockContext(waiting, signInLockPoll)
		switch {
		case held && isCurrent(lock): // first, because a lock acquired at the last moment must also be released
			return func() { _ = lock.Unlock() }, nil
		case held:
			_ = lock.Unlock()
		case ctx.Err() != nil:
			return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
		case waiting.Err() != nil:
			return nil, backend.Fail(backend.SignInBusy, "", waiting.Err())
		default:
			return nil, backend.Fail(backend.DataFolderFailed, filepath.Dir(path), err)
		}
	}
}

// signInLockPath returns the path of a sign-in's lock, in the default folder itself,
// even beside other files and through a link in place of the default folder: an older
// and a newer Bookring must use the same lock. The folder of the locks is created if
// missing.
func signInLockPath(key backend.SignInKey) (string, error) {
	standard, err := datafolder.Default()
	if err != nil {
		return "", backend.Fail(backend.DataFolderFailed, cmp.Or(standard, "Bookring"), err)
	}
	if _, err := os.Lstat(standard); errors.Is(err, fs.ErrNotExist) {
		if _, err := datafolder.Choose(standard); err != nil {
			return "", err
		}
	}
	folder := filepath.Join(standard, datafolder.LocksFolder)
	if _, err := datafolder.MakePrivate(folder); err != nil {
		return "", backend.Fail(backend.DataFolderFailed, folder, err)
	}
	path := filepath.Join(folder, digest(key.String()))
	if !datafolder.IsFolder(folder) {
		return "", backend.Fail(backend.DataFolderFailed, folder, datafolder.ErrNoFile)
	}
	if err := datafolder.Free(path); err != nil {
		return "", backend.Fail(backend.DataFolderFailed, folder, err)
	}
	return path, nil
}

// deleteSignInLocks deletes the locks in the default folder, except a lock in use: a copy
// with another data folder may be renewing a sign-in.
func deleteSignInLocks(standard string) (left []backend.Leftover) {
	for _, path := range signInLocks(standard) {
		lock := flock.New(path, flock.SetFlag(os.O_RDONLY|datafolder.WithoutLinks))
		held, err := lock.TryLock()
		switch {
		case err != nil:
			left = append(left, leftover(path, err)...)
		case !held:
			left = append(left, backend.Leftover{Path: path, InUse: true})
		default:
			left = append(left, deleteHeld(path, func() { _ = lock.Unlock() })...)
		}
	}
	return left
}

// signInLocks returns the locks in the default folder. A file with content is no lock.
func signInLocks(standard string) []string {
	return datafolder.Paths(filepath.Join(standard, datafolder.LocksFolder), datafolder.SignInLock, func(path string) bool {
		info, err := os.Lstat(path)
		return err == nil && info.Mode().IsRegular() && info.Size() == 0
	})
}
