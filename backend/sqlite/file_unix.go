//go:build !windows

package sqlite

import "golang.org/x/sys/unix"

// writable asks the system whether this user may write a file, without opening
// it: see makeFile.
func writable(file string) error { return unix.Access(file, unix.W_OK) }
