package datafolder

import (
	"errors"
	"io/fs"
	"syscall"

	"golang.org/x/sys/windows"
)

// ofAnotherUser is false: on Windows the permissions of a folder, not the owner,
// protect the folder.
func ofAnotherUser(fs.FileInfo) bool { return false }

// WithoutLinks has no counterpart in [os.OpenFile] on Windows.
const WithoutLinks = 0

// isLink reports a symbolic link or a junction. Go reports a junction as irregular
// and without [fs.ModeDir], although the file's attributes name a directory. A
// placeholder of a cloud service is irregular, too, and no link: a folder of the service
// has ModeDir, and a file's attributes name no directory.
func isLink(info fs.FileInfo) bool {
	if info.Mode()&fs.ModeSymlink != 0 {
		return true
	}
	return info.Mode()&fs.ModeIrregular != 0 && !info.IsDir() && namesDirectory(info)
}

func isRegular(info fs.FileInfo) bool {
	return info.Mode()&(fs.ModeType&^fs.ModeIrregular) == 0 && !isLink(info)
}

func namesDirectory(info fs.FileInfo) bool {
	data, ok := info.Sys().(*syscall.Win32FileAttributeData)
	return ok && data.FileAttributes&syscall.FILE_ATTRIBUTE_DIRECTORY != 0
}

var heldByScanner = func(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

func isFullHere(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}
