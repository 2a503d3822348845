// Package sqlite is the register: it keeps sign-ins, connections,
// organisations, history and settings in one SQLite file on this computer.
// No secret is ever in it.
//
// The status of an organisation is not kept; the view "listed" derives it from
// its connections, so that it cannot disagree with them.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"bookring/backend"

	_ "modernc.org/sqlite" // the driver named sqlite
)

// FileName is the register's file in the folder given to [Open]. While the
// register is open, SQLite keeps -wal and -shm (or -journal) beside it.
const FileName = "bookring.db"

// connections is how many readers and writers there can be at once. More than
// one, so that the list can be read while a write waits for another program.
const connections = 4

// Register is what Bookring knows. It is safe for use by several goroutines;
// make one with [Open].
//
// Its methods fail with a [backend.Failure] of one of the Database codes, or
// Cancelled when their context was. A call waits for the writers before it, and
// no longer than five seconds for another program.
type Register struct {
	db   *sql.DB
	file string
	turn chan struct{} // holds one while somebody writes
}

// Open opens the register in folder and brings it to this version; what is
// missing is created, the folder with mode 0700 and the file with 0600.
//
// It fails with DatabaseNewer for a file of a newer Bookring and with
// DatabaseDamaged (Detail: the file) for one that cannot be trusted, and
// leaves both as they are. Otherwise DataFolderFailed, DatabaseReadOnly,
// DatabaseFull, DatabaseBusy or DatabaseFailed. One process opens a folder
// once: closing any file of it by other means drops SQLite's locks.
func Open(ctx context.Context, folder string) (*Register, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	file := filepath.Join(folder, FileName)
	fresh, err := prepare(folder, file)
	if err != nil {
		return nil, failure(ctx, file, "prepare", err)
	}
	sound := fresh
	if !fresh {
		if sound, err = inspect(ctx, file); err != nil {
			return nil, failure(ctx, file, "inspect", err)
		}
	}
	db, err := openWriter(ctx, file)
	if err != nil {
		return nil, failure(ctx, file, "open", err)
	}
	if !sound {
		err = check(ctx, db)
	}
	if err == nil {
		err = migrate(ctx, db)
	}
	if err != nil {
		return nil, failure(ctx, file, "open", errors.Join(err, db.Close()))
	}
	return &Register{db, file, make(chan struct{}, 1)}, nil
}

// Close waits for what is under way and closes the file.
func (r *Register) Close() error {
	if err := r.db.Close(); err != nil {
		return failure(context.Background(), r.file, "close", err)
	}
	return nil
}

// openWriter opens the file for reading and writing: with a write-ahead log,
// or with a rollback journal where the file system has no shared memory.
func openWriter(ctx context.Context, file string) (*sql.DB, error) {
	db, mode, err := openMode(ctx, file, "_journal_mode", "WAL")
	if err == nil && mode == "wal" {
		return db, nil
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil && !noSharedMemory(err) {
		return nil, err
	}
	// The file may say already that it has a log. A connection that shares it
	// with nobody can read that without shared memory, and take it away.
	alone, _, err := openMode(ctx, file, "_journal_mode", "DELETE", "_pragma", "locking_mode(EXCLUSIVE)")
	if err != nil {
		return nil, err
	}
	if err := alone.Close(); err != nil {
		return nil, err
	}
	db, _, err = openMode(ctx, file, "_journal_mode", "DELETE")
	return db, err
}

// openMode returns the database and the journal mode that it really has.
func openMode(ctx context.Context, file string, more ...string) (db *sql.DB, mode string, err error) {
	if db, err = sql.Open("sqlite", source(file, more...)); err != nil {
		return nil, "", fmt.Errorf("name the source: %w", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	// The mode alone proves nothing: shared memory is first used by a read.
	var tables int
	err = errors.Join(
		db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables),
		db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode),
	)
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("ask for journal mode: %w", err), db.Close())
	}
	return db, mode, nil
}
