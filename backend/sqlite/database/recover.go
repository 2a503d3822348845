package database

import (
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
		if err := os.Rename(replacement, f.path()); err != nil {
			return backend.Opening{}, folderFailure(f.Folder, err)
		}
	}
	return backend.Opening{Lost: true, DamagedFolder: damagedFolder, BackupAt: at}, nil
}

// copyBackup copies the newest backup that passes [Schema.verify], and returns the path of the copy and the
// time of the backup; "" without a usable backup.
func (f Files) copyBackup(ctx context.Context) (path string, at time.Time, err error) {
	for _, backup := range slices.Backward(f.backups()) {
		if ctx.Err() != nil {
			return "", at, ctx.Err()
		}
		if verified, empty, err := f.Schema.inspect(ctx, backup.path); err != nil || !verified || empty {
			continue
		}
		path = filepath.Join(f.Folder, backupFolder, unfinished)
		if err := copyFile(backup.path, path); err != nil {
			return "", at, folderFailure(f.Folder, errors.Join(err, os.Remove(path)))
		}
		return path, backup.at, nil
	}
	return "", at, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // a backup in the data folder
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()                                      // only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // in the backup folder
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
