//go:build !windows

package database

import "golang.org/x/sys/unix"

// writable fails if the user may not write a file. writable does not open the file: see makeFile.
func writable(path string) error { return unix.Access(path, unix.W_OK) }

func isFullHere(error) bool { return false }

// heldByScanner is false: an open file can be renamed.
func heldByScanner(error) bool { return false }
