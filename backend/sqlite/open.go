// Package sqlite is the register: it keeps sign-ins, connections,
// organisations, history and settings in one SQLite file on this computer.
// No secret is ever in it.
//
// The status of an organisation is not kept; the view "listed" derives it from
// its connections, so that it cannot disagree with them.
//
// A file that is damaged never keeps the program from starting: it is moved
// aside, whole, and the newest backup that is sound takes its place, or an
// empty register. See [Open].
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

	"bookring/backend"

	_ "modernc.org/sqlite" // the driver named sqlite
)

// FileName is the register's file in the folder given to [Open]. While the
// register is open, SQLite keeps -wal and -shm (or -journal) beside it.
const FileName = "bookring.db"

// driverName is the driver to open files with.
var driverName = "sqlite"

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
	db      *sql.DB
	file    string
	opening backend.Opening
	turn    chan struct{} // holds one while somebody writes
	// unwritten is why the last write failed, or nil.
	unwritten atomic.Pointer[backend.Failure]
	backingUp sync.Mutex
}

// Open opens the register in folder and brings it to this version; what is
// missing is created, the folder with mode 0700 and the file with 0600.
// [Register.Opening] says what it took.
//
//   - A file that is damaged, or not the register's, is moved into
//     damaged/TIME with all that SQLite keeps beside it; so is one that is
//     empty or gone although there are backups. The newest sound backup is put
//     in its place, and otherwise the register begins empty.
//   - What may not be written, the folder or the file, is opened for reading;
//     so is a file on a full disk.
//
// Nothing is moved for any other trouble. It fails with DatabaseNewer for a
// file of a newer Bookring, with DatabaseDamaged (Detail: the file) for a
// damaged one that could not be moved, and otherwise with DataFolderFailed,
// DatabaseReadOnly, DatabaseFull, DatabaseBusy or DatabaseFailed. One process
// opens a folder once: closing any file of it by other means drops SQLite's
// locks.
func Open(ctx context.Context, folder string) (*Register, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	file := filepath.Join(folder, FileName)
	db, opening, err := climb(ctx, file)
	if err != nil {
		return nil, failure(ctx, file, "open", err)
	}
	opening.Network = onNetwork(folder)
	return &Register{db: db, file: file, opening: opening, turn: make(chan struct{}, 1)}, nil
}

// climb tries what is best first: the file, what can be had in place of a
// damaged one, and what can only be read.
func climb(ctx context.Context, file string) (db *sql.DB, opening backend.Opening, err error) {
	db, err = openWhole(ctx, file, refuseEmpty)
	if damaged(err) {
		if opening, err = restore(ctx, filepath.Dir(file)); err == nil {
			db, err = openWhole(ctx, file, allowEmpty)
		}
	}
	if err == nil {
		return db, opening, nil
	}
	f := failure(ctx, file, "open", err)
	if f.Code != backend.DatabaseReadOnly && f.Code != backend.DatabaseFull {
		return nil, opening, f
	}
	db, err = openToRead(ctx, file)
	if err != nil {
		return nil, opening, unreadable(f, err)
	}
	opening.ReadOnly = f
	return db, opening, nil
}

// Opening says what it took to open the register.
func (r *Register) Opening() backend.Opening { return r.opening }

// Close waits for what is under way and closes the file.
func (r *Register) Close() error {
	if err := r.db.Close(); err != nil {
		return failure(context.Background(), r.file, "close", err)
	}
	return nil
}

// What an empty file with backups beside it is taken for.
const (
	allowEmpty  = true
	refuseEmpty = false
)

// openWhole opens a file that is sound and brings it to this version. An error
// that is damage by [damaged] leaves the file as it is.
func openWhole(ctx context.Context, file string, empty bool) (*sql.DB, error) {
	fresh, err := prepare(file)
	if err != nil {
		return nil, err
	}
	sound := fresh
	if !fresh {
		if sound, fresh, err = inspect(ctx, file); err != nil {
			return nil, fmt.Errorf("inspect: %w", err)
		}
	}
	if fresh && !empty && hasBackups(filepath.Dir(file)) {
		return nil, fmt.Errorf("empty, but there are backups: %w", errDamaged)
	}
	db, err := openWriter(ctx, file)
	if err != nil {
		return nil, err
	}
	if !sound {
		_, err = check(ctx, db)
	}
	if err == nil {
		err = migrate(ctx, db, filepath.Dir(file))
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openWriter opens the file for reading and writing: with a write-ahead log,
// or with a rollback journal where the file system has no shared memory. On a
// network there can be shared memory that two computers do not share.
func openWriter(ctx context.Context, file string) (*sql.DB, error) {
	if !onNetwork(filepath.Dir(file)) {
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
	db, _, err := openMode(ctx, file, "_journal_mode", "DELETE")
	return db, err
}

// openMode returns the database and the journal mode that it really has.
func openMode(ctx context.Context, file string, more ...string) (db *sql.DB, mode string, err error) {
	if db, err = sql.Open(driverName, source(file, more...)); err != nil {
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
