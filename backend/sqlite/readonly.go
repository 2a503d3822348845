package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"bookring/backend"

	lib "modernc.org/sqlite/lib"
)

// openToRead opens a file that cannot be written. Where SQLite cannot keep its
// log's index beside it either, it reads the file alone, as if nobody else wrote
// it: what stands in a log that was left is not seen.
func openToRead(ctx context.Context, file string) (*sql.DB, error) {
	db, err := openSound(ctx, file, "mode", "ro")
	if needsWriter(err) || resultCode(err) == lib.SQLITE_IOERR_SHMSIZE {
		db, err = openSound(ctx, file, "mode", "ro", "immutable", "1")
	}
	return db, err
}

// openSound opens a file of this version that passes the full check.
func openSound(ctx context.Context, file string, more ...string) (*sql.DB, error) {
	db, err := sql.Open(driverName, source(file, more...))
	if err != nil {
		return nil, fmt.Errorf("name the source: %w", err)
	}
	has, err := check(ctx, db)
	if err == nil && has < version {
		err = errOlder
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// errOlder is a file that would have to be written before it could be read.
var errOlder = errors.New("made by an older version")

// unreadable returns why a file could not be read either: what kept it from
// being written, unless there is worse.
func unreadable(write *backend.Failure, read error) error {
	if damaged(read) || errors.Is(read, errNewer) {
		return read
	}
	return write
}
