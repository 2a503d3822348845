package desktop

import (
	"context"
	"path/filepath"
	"time"

	"bookring/backend"

	"github.com/gofrs/flock"
)

// lockPatience is how long another program may take for a renewal.
var lockPatience = 45 * time.Second

const lockLook = 50 * time.Millisecond

// LockSignIn keeps every other program of this user from renewing a sign-in,
// wherever their data is, until unlock is called or the program ends. The
// kernel holds the lock, and its file is never deleted. Fails with SignInBusy
// if another program holds it for too long, DataFolderFailed, or Cancelled.
func LockSignIn(ctx context.Context, key backend.SignInKey) (unlock func(), err error) {
	folder, err := Folder("")
	if err != nil {
		return nil, err
	}
	folder = filepath.Join(folder, locksFolder)
	if err := makePrivate(folder); err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	patience, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	lock := flock.New(filepath.Join(folder, digest(key.String())), flock.SetPermissions(0o600))
	held, err := lock.TryLockContext(patience, lockLook)
	switch {
	case held: // even if it came at the last moment: nobody else would let go of it
		return func() { _ = lock.Unlock() }, nil
	case ctx.Err() != nil:
		return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
	case patience.Err() != nil:
		return nil, backend.Fail(backend.SignInBusy, "", patience.Err())
	}
	return nil, backend.Fail(backend.DataFolderFailed, folder, err)
}
