// Package sqlite is the register: sign-ins, connections, organisations, history and settings in an SQLite
// database on the user's computer. The register holds no secret.
//
// No table stores the status of an organisation. The view "listed" derives the status from the
// organisation's connections: status and connections cannot contradict each other.
//
// Package database opens, recovers and backs up the database file. [Register.Opening] reports a recovery.
package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"bookring/backend"
	"bookring/backend/sqlite/database"

	"golang.org/x/sync/semaphore"
)

// FileName is the name of the register's file in the folder passed to [Open].
const FileName = database.FileName

// Register is an open register, made by [Open]. Goroutines may share a Register.
//
// Errors of the methods are of type [backend.Failure]: a Database code, or Cancelled after the end of the
// caller's context. A write waits for earlier writes of the program, and at most five seconds for another
// program.
type Register struct {
	files   database.Files
	db      *sql.DB
	opening backend.Opening
	writer  *semaphore.Weighted // held during a write
	// writeFailure is the failure of the last write, or nil.
	writeFailure atomic.Pointer[backend.Failure]
	backingUp    sync.Mutex
}

// Open opens the register in a folder, or creates the register. See [database.Files.Open] for recovery and
// failures.
func Open(ctx context.Context, folder string) (*Register, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	files := database.Files{Folder: folder, Schema: schema}
	db, opening, err := files.Open(ctx)
	if err != nil {
		return nil, err
	}
	return &Register{files: files, db: db, opening: opening, writer: semaphore.NewWeighted(1)}, nil
}

// Opening reports how [Open] opened the register.
func (r *Register) Opening() backend.Opening { return r.opening }

// Close waits for running calls and closes the file.
func (r *Register) Close() error {
	if err := r.db.Close(); err != nil {
		return r.files.Failure(context.Background(), "close", err)
	}
	return nil
}

// BackUp backs up the register unless a current backup of the UTC day exists, and reports whether BackUp
// made a backup. A backup older than the last disconnect, forgotten organisation or cancelled disconnect is
// not current: a recovery from the backup would undo the user's request. Readers and writers can continue
// meanwhile.
func (r *Register) BackUp(ctx context.Context) (made bool, err error) {
	if r.opening.ReadOnly != nil {
		return false, r.opening.ReadOnly
	}
	r.backingUp.Lock()
	defer r.backingUp.Unlock()
	if at := r.files.TodaysBackup(); !at.IsZero() {
		outdated, err := r.disconnectedSince(ctx, at)
		if err != nil || !outdated {
			return false, err
		}
	}
	if err := r.files.BackUp(ctx, r.db); err != nil {
		return false, err
	}
	return true, nil
}

// disconnectedSince reports a requested, confirmed or cancelled disconnect, a request to forget or a
// revoked sign-in at a time or later.
func (r *Register) disconnectedSince(ctx context.Context, at time.Time) (found bool, err error) {
	err = r.read(ctx, "read history", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM history WHERE at >= ?1 AND kind IN (?, ?, ?, ?, ?))
				OR EXISTS (SELECT 1 FROM organisations WHERE forgotten_at >= ?1)
				OR EXISTS (SELECT 1 FROM sign_ins WHERE leaving_at >= ?1)`,
			millis(at), disconnecting, disconnected, forgotten, revoked, back).Scan(&found)
	})
	return found, err
}
