//go:build !race

package sqlite_test

const slow = 1
