package datafolder

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"bookring/backend"
)

// Base returns the base folder: the default folder, or override, for administrators
// and tests. Base creates a missing folder with access for the current user only
// (0700) and marks the folder as Bookring's. The base folder is a subfolder
// "bookring-data" if the folder holds other files; see [Choose]. The default folder is:
//
//   - Windows: %LOCALAPPDATA%\Bookring (not roaming; Windows denies other users
//     access)
//   - macOS: ~/Library/Application Support/Bookring
//   - Linux: $XDG_DATA_HOME/bookring or ~/.local/share/bookring (XDG Base
//     Directory Specification; a relative XDG_DATA_HOME is ignored)
//
// A default folder replaced by a link, for example to a larger disk, leads to the
// link's target. An override that is a link is refused.
//
// The default folder is prepared even with an override: the locks on sign-ins and
// the web view's data are always in the default folder.
//
// Errors, with the path: DataFolderFailed, DatabaseFull, or a refusal of the folder
// (FolderIsRoot, FolderIsHome, FolderIsFile, FolderIsLink, FolderOfAnother, and
// ListInRoot, ListInHome, ListBehindLink, ListOfAnother with the path of a list, and
// ListIsLink with the path of a link to a list).
func Base(override string) (string, error) {
	path, linked, err := resolveDefault()
	if override == "" {
		if err != nil {
			return "", backend.Fail(backend.DataFolderFailed, cmp.Or(path, "Bookring"), err)
		}
		return choose(path, !linked)
	}
	chosen, failure := Absolute(override)
	if failure != nil {
		return "", backend.Fail(backend.DataFolderFailed, override, failure)
	}
	if chosen, failure = choose(chosen, false); failure != nil {
		return "", failure
	}
	if err == nil {
		_, _ = own(path, !linked) // the override works without the default folder
	}
	return chosen, nil
}

// Absolute returns the absolute path of an override. A first ~ is the home folder,
// because only a shell replaces ~ in a variable, unless an earlier Bookring made a folder
// with the literal name.
func Absolute(override string) (string, error) {
	literal, err := filepath.Abs(override)
	if err != nil || MayExist(literal) {
		return literal, err
	}
	if rest, ok := strings.CutPrefix(filepath.ToSlash(override), "~"); ok && (rest == "" || rest[0] == '/') {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		override = filepath.Join(home, filepath.FromSlash(rest))
	}
	return filepath.Abs(override)
}

// Default returns the absolute path of the default folder. The folder can be a link:
// the path is part of the names of the locks on sign-ins, equal in every version.
func Default() (string, error) {
	switch runtime.GOOS {
	case "windows":
		dir, err := os.UserCacheDir() // %LOCALAPPDATA%
		return absolute(filepath.Join(dir, "Bookring"), err)
	case "darwin":
		dir, err := os.UserConfigDir() // ~/Library/Application Support
		return absolute(filepath.Join(dir, "Bookring"), err)
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "bookring"), nil
	}
	home, err := os.UserHomeDir()
	return absolute(filepath.Join(home, ".local", "share", "bookring"), err)
}

// ResolvedDefault returns the default folder, or the target of a link in place of the
// default folder.
func ResolvedDefault() (string, error) {
	path, _, err := resolveDefault()
	return path, err
}

// resolveDefault is ResolvedDefault, and reports a link. A link without a target is
// an error: the disk behind the link may be missing.
func resolveDefault() (path string, linked bool, err error) {
	path, err = Default()
	if err != nil {
		return path, false, err
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, false, nil
	case err != nil:
		return path, false, err
	case !isLink(info):
		return path, false, nil
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return path, true, err
	}
	return target, true, nil
}

func absolute(path string, err error) (string, error) {
	if err != nil {
		return path, err
	}
	return filepath.Abs(path)
}

// MakePrivate creates a missing folder with access for the current user only, and
// reports whether the folder was missing. An existing folder keeps the mode.
func MakePrivate(path string) (made bool, err error) {
	err = os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, os.Chmod(path, 0o700) //nolint:gosec // a folder needs the x; the umask may have removed the user's permissions
}
