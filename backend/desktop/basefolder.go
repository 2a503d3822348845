package desktop

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"bookring/backend"
)

// BaseFolder returns the base folder, created if missing, with access for the
// current user only (0700). Override, for administrators and tests, replaces the
// default:
//
//   - Windows: %LOCALAPPDATA%\Bookring (not roaming; Windows denies other users
//     access)
//   - macOS: ~/Library/Application Support/Bookring
//   - Linux: $XDG_DATA_HOME/bookring or ~/.local/share/bookring (XDG Base
//     Directory Specification; a relative XDG_DATA_HOME is ignored)
//
// Error: DataFolderFailed with the path.
func BaseFolder(override string) (string, error) {
	path, err := basePath(override)
	if err != nil {
		return "", backend.Fail(backend.DataFolderFailed, cmp.Or(path, "Bookring"), err)
	}
	if err := makePrivate(path); err != nil {
		return "", backend.Fail(backend.DataFolderFailed, path, err)
	}
	return path, nil
}

// basePath returns the absolute path of the base folder.
func basePath(override string) (path string, err error) {
	if override != "" {
		return filepath.Abs(override)
	}
	if path, err = defaultBaseFolder(); err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

func defaultBaseFolder() (string, error) {
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

// makePrivate creates a folder if missing and removes the access of other users.
// makePrivate fails closed, because the folder holds the client list. Only a
// read-only folder passes with a wider mode: Bookring adds nothing to a read-only
// folder.
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
	err = os.Chmod(path, 0o700) //nolint:gosec // a folder needs the x
	if err != nil && isReadOnly(path) {
		return nil
	}
	return err
}
