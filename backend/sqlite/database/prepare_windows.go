package database

import (
	"io/fs"
	"os"
)

// writable fails for a file with the read-only attribute. Windows reports no more without opening the file:
// see makeFile.
func writable(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm()&0o200 == 0 {
		return &fs.PathError{Op: "write", Path: path, Err: fs.ErrPermission}
	}
	return err
}
