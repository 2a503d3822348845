package database

import (
	"context"
	"errors"
	"fmt"

	"bookring/backend"

	driver "modernc.org/sqlite" // registers the driver "sqlite"
	lib "modernc.org/sqlite/lib"
)

var (
	errNewer = errors.New("made by a newer version")
	// ErrDamaged marks content that Bookring cannot have written.
	ErrDamaged = errors.New("damaged")
)

// Failure returns the [backend.Failure] for an error of the action. ctx is the action's context.
func (f Files) Failure(ctx context.Context, action string, err error) *backend.Failure {
	if failure, ok := errors.AsType[*backend.Failure](err); ok {
		return failure
	}
	err = fmt.Errorf("%s: %w", action, err)
	switch {
	case errors.Is(err, errNewer):
		return backend.Fail(backend.DatabaseNewer, f.path(), err)
	case damaged(err):
		return backend.Fail(backend.DatabaseDamaged, f.path(), err)
	case errors.Is(err, context.Canceled), errors.Is(ctx.Err(), context.Canceled):
		return backend.Fail(backend.Cancelled, "", err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(ctx.Err(), context.DeadlineExceeded):
		return backend.Fail(backend.DatabaseBusy, f.path(), err)
	}
	switch resultCode(err) & 0xff {
	case lib.SQLITE_ERROR, lib.SQLITE_SCHEMA, lib.SQLITE_MISMATCH:
		// Bookring's statements are constant and tested: only damaged tables reject a statement.
		return backend.Fail(backend.DatabaseDamaged, f.path(), err)
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		return backend.Fail(backend.DatabaseReadOnly, f.Folder, err)
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_PROTOCOL:
		return backend.Fail(backend.DatabaseBusy, f.path(), err)
	case lib.SQLITE_FULL:
		return backend.Fail(backend.DatabaseFull, f.path(), err)
	}
	if resultCode(err) == lib.SQLITE_IOERR_SHMSIZE {
		// The -shm file could not grow to the needed 32 kB.
		return backend.Fail(backend.DatabaseFull, f.path(), err)
	}
	return backend.Fail(backend.DatabaseFailed, f.Folder, err)
}

// damaged reports an untrustworthy file, to be moved. Errors of the disk, of permissions and of other
// programs are no damage.
func damaged(err error) bool {
	switch resultCode(err) & 0xff {
	case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT, lib.SQLITE_FORMAT:
		return true
	}
	return errors.Is(err, ErrDamaged)
}

// asDamage adds [ErrDamaged] to the error of a statement valid for every undamaged database.
func asDamage(err error) error {
	switch resultCode(err) & 0xff {
	case lib.SQLITE_ERROR, lib.SQLITE_SCHEMA, lib.SQLITE_MISMATCH:
		return errors.Join(ErrDamaged, err)
	}
	return err
}

// resultCode returns SQLite's extended result code (https://www.sqlite.org/rescode.html), or 0 for an error
// of another origin.
func resultCode(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return e.Code()
	}
	return 0
}

// noSharedMemory reports an error typical of a file system without shared memory, where a write-ahead log
// does not work (https://www.sqlite.org/wal.html section 2.2).
func noSharedMemory(err error) bool {
	switch resultCode(err) & 0xff {
	case lib.SQLITE_CANTOPEN, lib.SQLITE_PROTOCOL:
		return true
	case lib.SQLITE_IOERR:
		return resultCode(err) != lib.SQLITE_IOERR_SHMSIZE
	}
	return false
}

// needsWriter reports a read-only connection's error for a file with a journal left by a killed program:
// SQLite must write the journal's changes into the file before the first read.
func needsWriter(err error) bool {
	switch resultCode(err) & 0xff {
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN:
		return true
	}
	return false
}
