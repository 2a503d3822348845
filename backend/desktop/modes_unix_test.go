//go:build unix

package desktop_test

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"bookring/backend/desktop"
)

// The lists of clients are for one user of the computer, whatever the user's umask.
func TestEveryFolderAndFileOfADataSetIsForTheUserOnly(t *testing.T) {
	before := syscall.Umask(0)
	defer syscall.Umask(before)
	local := "http://localhost:1"
	for name, e := range map[string]desktop.Environment{
		"Xero": {}, "the demo": {Demo: true}, "a test server": {Discovery: local + "/d", API: local},
	} {
		t.Run(name, func(t *testing.T) {
			e.DataDir = filepath.Join(t.TempDir(), "data")
			folder, err := desktop.OpenDataFolder(e)
			if err != nil {
				t.Fatal(err)
			}
			defer folder.Close()
			folder.Log.Info("begun")
			err = filepath.WalkDir(e.DataDir, func(path string, entry fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := entry.Info()
				if err == nil && info.Mode().Perm()&0o077 != 0 {
					t.Errorf("%s has the mode %s", path, info.Mode())
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
