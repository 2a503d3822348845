package database

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"bookring/backend"
)

// recover replaces a damaged, empty or missing database file with a copy of the newest undamaged backup.
// Without a backup, recover leaves the folder without a database file. The copy is complete before any file
// is moved.
func (f Files) recover(ctx context.Context) (backend.Opening, error) {
	replacement, at, err := f.copyBackup(ctx)
	if err != nil {
		return backend.Opening{}, err
	}
	damagedFolder, err := f.moveDamaged()
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("another program moves the files: %w", err)
		}
		return backend.Opening{}, fmt.Errorf("move damaged file: %w", errors.Join(ErrDamaged, err))
	}
	f.pruneDamaged()
	if damagedFolder == "" { // an earlier recovery, then killed, may have moved the file
		damagedFolder = f.lastDamaged()
	}
	if replacement != "" {
		if err := rename(replacement, f.path()); err != nil {
			return backend.Opening{}, folderFailure(f.Folder, err)
		}
	}
	return backend.Opening{Lost: true, DamagedFolder: damagedFolder, BackupAt: at}, nil
}

// copyBackup copies the newest backup that passes [Schema.verify], and returns the path of the copy and the
// time of the backup; "" without a usable backup. Error: no backup is usable, and a backup is unreadable.
func (f Files) copyBackup(ctx context.Context) (path string, at time.Time, err error) {
	backups, unread := f.backups()
	for _, backup := range slices.Backward(backups) {
		if ctx.Err() != nil {
			return "", at, ctx.Err()
		}
		usable, err := f.usable(ctx, backup.path)
		if err != nil {
			unread = cmp.Or(unread, error(backend.Fail(backend.DataFolderFailed, backup.path, err)))
		}
		if !usable {
			continue
		}
		path = filepath.Join(f.Folder, backupFolder, unfinished)
		if err := copyFile(backup.path, path); err != nil {
			return "", at, folderFailure(f.Folder, errors.Join(err, removeFile(path)))
		}
		return path, backup.at, nil
	}
	return "", at, unread
}

// usable reports an undamaged backup of the schema's version or an earlier version. Error: the backup is
// unreadable.
func (f Files) usable(ctx context.Context, backup string) (bool, error) {
	file, err := os.Open(backup) //nolint:gosec // a backup in the data folder
	if err != nil {
		return false, err
	}
	if err := file.Close(); err != nil {
		return false, err
	}
	verified, empty, err := f.Schema.inspect(ctx, backup)
	if damaged(err) || errors.Is(err, errNewer) {
		return false, nil
	}
	return verified && !empty, err
}

// copyFile copies a file to a new file. A left-over file at the new path is removed, a link is an error.
func copyFile(from, to string) error {
	if err := removeFile(to); err != nil {
		return err
	}
	in, err := os.Open(from) //nolint:gosec // a backup in the data folder
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()                                     // only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // in the backup folder
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
