package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"bookring/backend"
)

const (
	backupFolder = "backups"
	// unfinished is what is being written there, and is no backup yet.
	unfinished  = "unfinished"
	keepBackups = 7
)

// BackUp keeps a copy of the register, unless there is one of this day (UTC) that
// knows of everything that a person wanted disconnected, forgotten or connected
// again: with an older one the opposite would come back. It reports whether it
// made one. The copy is checked as fully as a file that is opened; one a day and
// seven in all are kept. Readers and writers go on meanwhile.
func (r *Register) BackUp(ctx context.Context) (made bool, err error) {
	if r.opening.ReadOnly != nil {
		return false, r.opening.ReadOnly
	}
	r.backingUp.Lock()
	defer r.backingUp.Unlock()
	folder := filepath.Dir(r.file)
	today := slices.DeleteFunc(backups(folder), func(b entry) bool { return !b.of(time.Now()) })
	if len(today) > 0 {
		stale, err := r.leftSince(ctx, today[len(today)-1].at)
		if err != nil || !stale {
			return false, err
		}
	}
	if err := backUp(ctx, r.db, folder); err != nil {
		return false, failure(ctx, r.file, "back up", err)
	}
	pruneBackups(folder)
	return true, nil
}

// leftSince reports whether a person wanted something disconnected, forgotten or
// connected again at that time or later, or it was.
func (r *Register) leftSince(ctx context.Context, at time.Time) (left bool, err error) {
	err = r.read(ctx, "read history", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM history WHERE at >= ?1 AND kind IN (?, ?, ?, ?, ?))
				OR EXISTS (SELECT 1 FROM organisations WHERE forgotten_at >= ?1)
				OR EXISTS (SELECT 1 FROM sign_ins WHERE leaving_at >= ?1)`,
			millis(at), disconnecting, disconnected, forgotten, letGo, back).Scan(&left)
	})
	return left, err
}

// backUp writes a backup under a name that is none, and gives it its own when
// it is sound and on the disk.
func backUp(ctx context.Context, db *sql.DB, folder string) error {
	folder = filepath.Join(folder, backupFolder)
	if err := makeFolder(folder); err != nil {
		return folderFailure(folder, err)
	}
	file := filepath.Join(folder, unfinished)
	if err := os.RemoveAll(file); err != nil {
		return folderFailure(folder, err)
	}
	if err := makeFile(file); err != nil { // SQLite's own would be open to others
		return folderFailure(folder, err)
	}
	at := time.Now().UTC() // it knows of nothing later
	_, err := db.ExecContext(ctx, "VACUUM INTO ?", file)
	if err == nil {
		_, _, err = inspect(ctx, file)
	}
	if err == nil {
		err = toDisk(file)
	}
	if err == nil {
		err = os.Rename(file, filepath.Join(folder, at.Format(backupForm)))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write backup: %w", err), os.Remove(file))
	}
	return nil
}

// pruneBackups removes all but the newest backup of a day, and of those all but
// the newest seven.
func pruneBackups(folder string) {
	var day time.Time
	kept := 0
	for _, b := range slices.Backward(backups(folder)) {
		if kept == keepBackups || b.of(day) {
			_ = os.Remove(b.path)
			continue
		}
		day = b.at
		kept++
	}
}

const (
	backupBegin = "bookring-"
	backupEnd   = ".db"
	backupForm  = backupBegin + stampForm + backupEnd
)

// backups returns the backups of the register in a folder, the oldest first.
func backups(folder string) []entry {
	return stamped(filepath.Join(folder, backupFolder), backupBegin, backupEnd)
}

func hasBackups(folder string) bool { return len(backups(folder)) > 0 }

// restore moves a register that cannot be used aside, and puts the newest sound
// backup in its place; without one the next to open begins empty. The copy is
// whole before anything is moved.
func restore(ctx context.Context, folder string) (backend.Opening, error) {
	ready, at, err := copyBackup(ctx, folder)
	if err != nil {
		return backend.Opening{}, err
	}
	kept, err := moveAside(folder)
	if err != nil {
		return backend.Opening{}, notMoved(err)
	}
	pruneAside(folder)
	if kept == "" { // a program that was killed while it restored has moved it
		kept = lastAside(folder)
	}
	if ready != "" {
		if err := os.Rename(ready, filepath.Join(folder, FileName)); err != nil {
			return backend.Opening{}, folderFailure(folder, err)
		}
	}
	return backend.Opening{Lost: true, DamagedFolder: kept, BackupAt: at}, nil
}

// copyBackup copies the newest backup that passes the full check, and returns
// the copy and when the backup was made; "" if there is none.
func copyBackup(ctx context.Context, folder string) (ready string, at time.Time, err error) {
	for _, b := range slices.Backward(backups(folder)) {
		if ctx.Err() != nil {
			return "", at, ctx.Err()
		}
		if sound, fresh, err := inspect(ctx, b.path); err != nil || !sound || fresh {
			continue
		}
		ready = filepath.Join(folder, backupFolder, unfinished)
		if err := copyFile(b.path, ready); err != nil {
			return "", at, folderFailure(folder, errors.Join(err, os.Remove(ready)))
		}
		return ready, b.at, nil
	}
	return "", at, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // a backup of ours
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()                                      // only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // beside it
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// toDisk returns when a file has reached the disk.
func toDisk(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0) //nolint:gosec // a backup of ours
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
