//go:build unix && !linux

package database

import "golang.org/x/sys/unix"

// onNetwork reports whether a folder is on a network disk.
func onNetwork(folder string) bool {
	var info unix.Statfs_t
	return unix.Statfs(folder, &info) == nil && info.Flags&unix.MNT_LOCAL == 0
}
