package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"bookring/backend"

	lib "modernc.org/sqlite/lib"
)

// openReadOnly opens a file for reading after the failure writing. Where SQLite cannot create a log index,
// openReadOnly opens the database file alone: changes in a left-over write-ahead log are invisible.
//
// openReadOnly returns writing as the reason for reading only. If the file is unreadable too, the error is
// writing, or the file's damage or newer version.
func (f Files) openReadOnly(ctx context.Context, writing *backend.Failure) (*sql.DB, *backend.Failure, error) {
	if writing.Code != backend.DatabaseReadOnly && writing.Code != backend.DatabaseFull {
		return nil, nil, writing
	}
	db, err := f.openVerified(ctx, "mode", "ro")
	if needsWriter(err) || resultCode(err) == lib.SQLITE_IOERR_SHMSIZE {
		db, err = f.openVerified(ctx, "mode", "ro", "immutable", "1")
	}
	switch {
	case err == nil:
		return db, writing, nil
	case damaged(err), errors.Is(err, errNewer):
		return nil, nil, err
	}
	return nil, nil, writing
}

// openVerified opens an undamaged file of the schema's version.
func (f Files) openVerified(ctx context.Context, parameters ...string) (*sql.DB, error) {
	db, err := sql.Open(driverName, dataSource(f.path(), parameters...))
	if err != nil {
		return nil, fmt.Errorf("open data source: %w", err)
	}
	version, err := f.Schema.verify(ctx, db)
	if err == nil && version < f.Schema.Version {
		err = errors.New("made by an older version: a migration must write")
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
