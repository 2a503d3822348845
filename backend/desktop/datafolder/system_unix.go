//go:build unix

package datafolder

import (
	"io/fs"
	"os"
	"syscall"
)

// ofAnotherUser reports whether a file belongs to another user. Another user could
// replace the content of an own folder at any time.
func ofAnotherUser(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) != os.Geteuid()
}

// WithoutLinks makes the opening of a symbolic link fail.
const WithoutLinks = syscall.O_NOFOLLOW

func isLink(info fs.FileInfo) bool { return info.Mode()&fs.ModeSymlink != 0 }

func isRegular(info fs.FileInfo) bool { return info.Mode().IsRegular() }

// heldByScanner is false: an open file can be renamed and read.
var heldByScanner = func(error) bool { return false }

func isFullHere(error) bool { return false }
