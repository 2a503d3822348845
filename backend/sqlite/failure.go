package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"bookring/backend"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

var (
	errNewer   = errors.New("made by a newer version")
	errDamaged = errors.New("not sound")
)

// failure decides what an error means for a person. what is the thing that was
// being attempted.
func failure(ctx context.Context, file, what string, err error) *backend.Failure {
	if f, ok := errors.AsType[*backend.Failure](err); ok {
		return f
	}
	err = fmt.Errorf("%s: %w", what, err)
	switch {
	case errors.Is(err, errNewer):
		return backend.Fail(backend.DatabaseNewer, file, err)
	case damaged(err):
		return backend.Fail(backend.DatabaseDamaged, file, err)
	case errors.Is(err, errOlder):
		return backend.Fail(backend.DatabaseReadOnly, filepath.Dir(file), err)
	case errors.Is(err, context.Canceled), errors.Is(ctx.Err(), context.Canceled):
		return backend.Fail(backend.Cancelled, "", err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(ctx.Err(), context.DeadlineExceeded):
		return backend.Fail(backend.DatabaseBusy, file, err)
	}
	switch resultCode(err) & 0xff {
	case lib.SQLITE_ERROR, lib.SQLITE_SCHEMA, lib.SQLITE_MISMATCH:
		// Our statements are fixed and tested: where they do not fit, the
		// tables are not those that we made.
		return backend.Fail(backend.DatabaseDamaged, file, err)
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		return backend.Fail(backend.DatabaseReadOnly, filepath.Dir(file), err)
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_PROTOCOL:
		return backend.Fail(backend.DatabaseBusy, file, err)
	case lib.SQLITE_FULL:
		return backend.Fail(backend.DatabaseFull, file, err)
	}
	if resultCode(err) == lib.SQLITE_IOERR_SHMSIZE {
		// The -shm file could not grow, and it only ever wants 32 kB.
		return backend.Fail(backend.DatabaseFull, file, err)
	}
	return backend.Fail(backend.DatabaseFailed, filepath.Dir(file), err)
}

// damaged reports that a file cannot be trusted and has to be moved aside. What
// a disk, a right or another program is to blame for is never damage.
func damaged(err error) bool {
	switch resultCode(err) & 0xff {
	case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT, lib.SQLITE_FORMAT:
		return true
	}
	return errors.Is(err, errDamaged)
}

// asDamage marks an error of a statement that fits every register: where it
// does not, the tables are not those that we made.
func asDamage(err error) error {
	switch resultCode(err) & 0xff {
	case lib.SQLITE_ERROR, lib.SQLITE_SCHEMA, lib.SQLITE_MISMATCH:
		return errors.Join(errDamaged, err)
	}
	return err
}

// resultCode is SQLite's extended result code, or 0 if err is not SQLite's
// (https://www.sqlite.org/rescode.html).
func resultCode(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return e.Code()
	}
	return 0
}

// noSharedMemory reports whether err can come from a file system on which a
// write-ahead log does not work (https://www.sqlite.org/wal.html section 2.2).
func noSharedMemory(err error) bool {
	switch resultCode(err) & 0xff {
	case lib.SQLITE_CANTOPEN, lib.SQLITE_PROTOCOL:
		return true
	case lib.SQLITE_IOERR:
		return resultCode(err) != lib.SQLITE_IOERR_SHMSIZE
	}
	return false
}

// needsWriter reports whether err says that a file cannot be read by one who
// may not write: a program was killed and left a journal to be played back.
func needsWriter(err error) bool {
	switch resultCode(err) & 0xff {
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN:
		return true
	}
	return false
}
