package desktop

import (
	"context"
	"path/filepath"
	"time"

	"bookring/backend"

	"github.com/gofrs/flock"
)

// signInLockTimeout limits the wait for another program's renewal.
var signInLockTimeout = 45 * time.Second

const signInLockPoll = 50 * time.Millisecond

// LockSignIn locks a sign-in against renewal by any other program of this user,
// for every data folder, until unlock or the end of the program. The kernel holds
// the lock; only the removal of the last data set deletes the lock file. Errors: SignInBusy if another program
// holds the lock for 45 s, DataFolderFailed, Cancelled.
func LockSignIn(ctx context.Context, key backend.SignInKey) (unlock func(), err error) {
	folder, err := BaseFolder("")
	if err != nil {
		return nil, err
	}
	folder = filepath.Join(folder, locksFolder)
	if err := makePrivate(folder); err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	waiting, cancel := context.WithTimeout(ctx, signInLockTimeout)
	defer cancel()
	lock := flock.New(filepath.Join(folder, digest(key.String())), flock.SetPermissions(0o600))
	held, err := lock.TryLockContext(waiting, signInLockPoll)
	switch {
	case held: // first, because a lock acquired at the last moment must also be released
		return func() { _ = lock.Unlock() }, nil
	case ctx.Err() != nil:
		return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
	case waiting.Err() != nil:
		return nil, backend.Fail(backend.SignInBusy, "", waiting.Err())
	}
	return nil, backend.Fail(backend.DataFolderFailed, folder, err)
}
