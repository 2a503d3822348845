//go:build unix && !linux

package sqlite

import "golang.org/x/sys/unix"

// onNetwork reports whether a folder is on another computer.
func onNetwork(folder string) bool {
	var about unix.Statfs_t
	return unix.Statfs(folder, &about) == nil && about.Flags&unix.MNT_LOCAL == 0
}
