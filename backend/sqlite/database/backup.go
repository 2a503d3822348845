package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	backUpFolder = "backups"
	backUpPrefix = "bookring-"
	backUpSuffix = ".db"
	// unfinished names a file in the backup folder during a write.
	unfinished = "unfinished"
	// retainBackUps is the number of retained backups, a backup for each day.
	retainBackUps = 7
)

// BackUp writes a backup of an open database, verifies the backup like an opened file, and deletes old
// backups: seven are retained, the newest of each day. Readers and writers of db can continue meanwhile.
func (f Files) BackUp(ctx context.Context, db *sql.DB) error {
	if err := f.writeBackUp(ctx, db); err != nil {
		return f.Failure(ctx, "back up", err)
	}
	f.pruneBackUps()
	return nil
}

// TodaysBackUp returns the time of the newest backup of the current UTC day, or the zero time.
func (f Files) TodaysBackUp() time.Time {
	for _, backUp := range slices.Backward(f.backUps()) {
		if backUp.of(time.Now()) {
			return backUp.at
		}
	}
	return time.Time{}
}

// writeBackUp writes a temporary file and renames the file after verification and a sync to the disk. The
// time in the backup's name is the time before the copy: the backup contains every earlier change.
func (f Files) writeBackUp(ctx context.Context, db *sql.DB) error {
	folder := filepath.Join(f.Folder, backUpFolder)
	if err := makeFolder(folder); err != nil {
		return folderFailure(folder, err)
	}
	path := filepath.Join(folder, unfinished)
	if err := os.RemoveAll(path); err != nil {
		return folderFailure(folder, err)
	}
	if err := makeFile(path); err != nil { // a file created by SQLite would be readable for other users
		return folderFailure(folder, err)
	}
	at := time.Now().UTC()
	_, err := db.ExecContext(ctx, "VACUUM INTO ?", path)
	if err == nil {
		_, _, err = f.Schema.inspect(ctx, path)
	}
	if err == nil {
		err = syncFile(path)
	}
	if err == nil {
		err = os.Rename(path, filepath.Join(folder, at.Format(backUpPrefix+stampFormat+backUpSuffix)))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write backup: %w", err), os.Remove(path))
	}
	return nil
}

// syncFile writes a file's pending data to the disk.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // in the backup folder
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// pruneBackUps deletes all but the newest backup of each day, and all but the newest seven days.
func (f Files) pruneBackUps() {
	var day time.Time
	retained := 0
	for _, backUp := range slices.Backward(f.backUps()) {
		if retained == retainBackUps || backUp.of(day) {
			_ = os.Remove(backUp.path)
			continue
		}
		day = backUp.at
		retained++
	}
}

// backUps returns the backups, oldest first.
func (f Files) backUps() []stamped {
	return findStamped(filepath.Join(f.Folder, backUpFolder), backUpPrefix, backUpSuffix)
}
