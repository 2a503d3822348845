package sqlite

import (
	"io/fs"
	"os"
)

// writable reports a file that is marked as read-only. More cannot be asked
// without opening it: see makeFile.
func writable(file string) error {
	about, err := os.Stat(file)
	if err == nil && about.Mode().Perm()&0o200 == 0 {
		return &fs.PathError{Op: "write", Path: file, Err: fs.ErrPermission}
	}
	return err
}
