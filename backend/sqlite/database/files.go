// Package database opens, verifies, recovers and backs up the SQLite database file in Bookring's data
// folder. The package knows no table of the register: the caller passes a [Schema].
//
// The data folder holds:
//
//	bookring.db               the database file
//	bookring.db-wal, -shm     the write-ahead log and its index, while the database is open
//	bookring.db-journal       the rollback journal, where the file system has no shared memory
//	backups/bookring-TIME.db  the newest backup of each day, seven at most
//	damaged/TIME/             damaged files, moved unchanged
//
// A damaged database file never prevents a start: see [Files.Open]. Package sqlite's tests cover damage,
// kills, full and read-only disks, recovery and backups with a whole register.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"bookring/backend"
)

// FileName is the name of the database file in the data folder.
const FileName = "bookring.db"

// companions are the suffixes of the database file's name and of the files that SQLite creates beside it.
var companions = []string{"", "-wal", "-shm", "-journal"}

// Files names a database file and the backups and damaged files in the same folder.
type Files struct {
	// Folder is the absolute path of the data folder.
	Folder string
	Schema Schema
}

func (f Files) path() string { return filepath.Join(f.Folder, FileName) }

// Open opens the database file and migrates the file to the schema's version. Open creates a missing
// folder (mode 0700) and a missing file (mode 0600). The returned [backend.Opening] reports recovery:
//
//   - Open moves a damaged or foreign file into damaged/TIME, together with SQLite's companion files, and
//     puts the newest undamaged backup in place. Without a backup the database starts empty. If backups
//     exist, an empty or missing file counts as damaged.
//   - Bookring uses no link, no folder and no device in place of one of the files: DataFolderFailed. An
//     unreadable folder of backups, or unreadable backups only, end a recovery: an empty list would look like a
//     loss.
//   - Open opens a read-only folder, a read-only file and a file on a full disk for reading.
//
// No other failure moves a file. Errors: DatabaseNewer for a file of a newer Bookring; DatabaseDamaged
// (Detail: the file) if a damaged file could not be moved; DataFolderFailed, DatabaseReadOnly,
// DatabaseFull, DatabaseBusy or DatabaseFailed. A process must not open a folder twice, nor any of the
// open files by other means: closing a second handle releases SQLite's locks.
func (f Files) Open(ctx context.Context) (db *sql.DB, opening backend.Opening, err error) {
	db, err = f.openReadWrite(ctx, refuseEmpty)
	if damaged(err) {
		if opening, err = f.recover(ctx); err == nil {
			db, err = f.openReadWrite(ctx, allowEmpty)
		}
	}
	if err != nil {
		db, opening.ReadOnly, err = f.openReadOnly(ctx, f.Failure(ctx, "open", err))
	}
	if err != nil {
		return nil, backend.Opening{}, f.Failure(ctx, "open", err)
	}
	opening.Network = onNetwork(f.Folder)
	return db, opening, nil
}

const (
	// refuseEmpty makes an empty file a damaged file if backups exist.
	refuseEmpty = false
	// allowEmpty makes an empty file a new file.
	allowEmpty = true
)

// openReadWrite opens an undamaged file and migrates the file to the schema's version. After an error for
// which [damaged] returns true, the file is unchanged.
func (f Files) openReadWrite(ctx context.Context, emptyAllowed bool) (*sql.DB, error) {
	empty, err := prepare(f.path())
	if err != nil {
		return nil, err
	}
	verified := empty
	if !empty {
		if verified, empty, err = f.Schema.inspect(ctx, f.path()); err != nil {
			return nil, fmt.Errorf("inspect: %w", err)
		}
	}
	if empty && !emptyAllowed {
		backups, err := f.backups()
		if err != nil {
			return nil, err
		}
		if len(backups) > 0 {
			return nil, fmt.Errorf("empty, but backups exist: %w", ErrDamaged)
		}
	}
	db, err := openPool(ctx, f.path())
	if err != nil {
		return nil, err
	}
	if !verified {
		_, err = f.Schema.verify(ctx, db)
	}
	if err == nil {
		err = f.migrate(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
