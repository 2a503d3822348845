package datafolder

import (
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"bookring/backend"
)

// refuse returns the reason against an existing path as a folder of Bookring, or nil.
// The reason names the list, if an earlier Bookring left a list there.
func refuse(path string, info fs.FileInfo) error {
	refused := func(code, withList backend.Code, list string) error {
		if _, err := filepath.EvalSymlinks(list); err == nil && holdsRegister(list) {
			return backend.Fail(withList, list, nil)
		}
		return backend.Fail(code, path, nil)
	}
	switch {
	case isLink(info):
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			target = path
		}
		return refused(backend.FolderIsLink, backend.ListBehindLink, target)
	case !info.IsDir():
		return backend.Fail(backend.FolderIsFile, path, nil)
	case isRoot(path, info):
		return refused(backend.FolderIsRoot, backend.ListInRoot, path)
	case isHome(info):
		return refused(backend.FolderIsHome, backend.ListInHome, path)
	case ofAnotherUser(info):
		return refused(backend.FolderOfAnother, backend.ListOfAnother, path)
	}
	return nil
}

// isRoot reports whether a folder is the top of the file system or of a disk.
func isRoot(path string, info fs.FileInfo) bool {
	volume := filepath.VolumeName(path)
	if strings.Trim(path[len(volume):], string(filepath.Separator)) == "" {
		return true
	}
	root, err := os.Stat(volume + string(filepath.Separator))
	return err == nil && os.SameFile(info, root)
}

// isHome reports whether a folder is the user's home folder, also under another name.
func isHome(info fs.FileInfo) bool {
	var homes []string
	if home, err := os.UserHomeDir(); err == nil {
		homes = append(homes, home)
	}
	if u, err := user.Current(); err == nil {
		homes = append(homes, u.HomeDir)
	}
	for _, home := range homes {
		if other, err := os.Stat(home); err == nil && os.SameFile(info, other) {
			return true
		}
	}
	return false
}
