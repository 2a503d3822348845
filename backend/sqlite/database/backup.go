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

	"bookring/backend"
)

const (
	backupFolder = "backups"
	backupPrefix = "bookring-"
	backupSuffix = ".db"
	// unfinished names a file in the backup folder during a write.
	unfinished = "unfinished"
	// retainBackups is the number of retained backups, a backup for each day.
	retainBackups = 7
)

// BackUp writes a backup of an open database, verifies the backup like an opened file, and deletes old
// backups: seven are retained, the newest of each day. Readers and writers of db can continue meanwhile.
func (f Files) BackUp(ctx context.Context, db *sql.DB) error {
	if err := f.writeBackup(ctx, db); err != nil {
		return f.Failure(ctx, "back up", err)
	}
	f.pruneBackups()
	return nil
}

// TodaysBackup returns the time of the newest backup of the current UTC day, or the zero time.
func (f Files) TodaysBackup() time.Time {
	backups, _ := f.backups() // none of an unreadable folder: BackUp reports the failure
	for _, backup := range slices.Backward(backups) {
		if backup.of(time.Now()) && !backup.isFuture() {
			return backup.at
		}
	}
	return time.Time{}
}

// writeBackup writes a temporary file and renames the file after verification and a sync to the disk. The
// time in the backup's name is the time before the copy: the backup contains every earlier change.
func (f Files) writeBackup(ctx context.Context, db *sql.DB) error {
	folder := filepath.Join(f.Folder, backupFolder)
	if err := makeOwnFolder(folder); err != nil {
		return folderFailure(folder, err)
	}
	path := filepath.Join(folder, unfinished)
	if err := removeFile(path); err != nil {
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
		err = rename(path, filepath.Join(folder, at.Format(backupPrefix+stampFormat+backupSuffix)))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write backup: %w", err), os.Remove(path))
	}
	return nil
}

// removeFile removes a regular file. Nothing at path is no error.
func removeFile(path string) error {
	if err := isFile(path); err != nil {
		return isFreeForFile(path)
	}
	return os.Remove(path)
}

// syncFile writes a file's pending data to the disk.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // in the backup folder
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// pruneBackups deletes all but the newest backup of each day, and all but the newest seven days.
func (f Files) pruneBackups() {
	var day time.Time
	retained := 0
	backups, _ := f.backups() // an unreadable folder keeps all
	for _, backup := range slices.Backward(backups) {
		if retained == retainBackups || backup.of(day) {
			_ = os.Remove(backup.path)
			continue
		}
		day = backup.at
		retained++
	}
}

// backups returns the backups, oldest first. An unreadable folder is an error: the backups may exist.
func (f Files) backups() ([]stamped, error) {
	folder := filepath.Join(f.Folder, backupFolder)
	all, err := findStamped(folder, backupPrefix, backupSuffix, false)
	if err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	return all, nil
}
