// Package desktop is the machine that Bookring runs on: the folder for its
// data, the lock that keeps it to one copy, the log, and the person's browser.
package desktop

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"bookring/backend"
)

// Folder returns the folder for Bookring's data and makes sure that it exists
// and that only this user may look inside (0700). Override names another, for
// administrators and tests. Without it:
//
//   - Windows: %LOCALAPPDATA%\Bookring, which does not roam and which Windows
//     itself closes to other users
//   - macOS: ~/Library/Application Support/Bookring
//   - Linux: $XDG_DATA_HOME/bookring or ~/.local/share/bookring (XDG Base
//     Directory Specification; a relative XDG_DATA_HOME is ignored)
//
// It fails with DataFolderFailed and the path.
func Folder(override string) (string, error) {
	path, err := locate(override)
	if err != nil {
		return "", backend.Fail(backend.DataFolderFailed, cmp.Or(path, "Bookring"), err)
	}
	if err := makePrivate(path); err != nil {
		return "", backend.Fail(backend.DataFolderFailed, path, err)
	}
	return path, nil
}

// locate returns where the folder is or will be.
func locate(override string) (path string, err error) {
	if override != "" {
		return filepath.Abs(override)
	}
	if path, err = base(); err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

func base() (string, error) {
	switch runtime.GOOS {
	case "windows":
		dir, err := os.UserCacheDir() // %LOCALAPPDATA%
		return filepath.Join(dir, "Bookring"), err
	case "darwin":
		dir, err := os.UserConfigDir() // ~/Library/Application Support
		return filepath.Join(dir, "Bookring"), err
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "bookring"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "bookring"), err
}

// makePrivate fails closed: a folder that others may read would show them the
// client list. One to which nothing can be added shows them what it did before.
func makePrivate(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return errors.New("not a folder")
	}
	if runtime.GOOS == "windows" || info.Mode().Perm() == 0o700 {
		return nil
	}
	err = os.Chmod(path, 0o700) //nolint:gosec // a folder needs its x
	if err != nil && readOnly(path) {
		return nil
	}
	return err
}
