//go:build race

package sqlite_test

// The race detector makes SQLite ten times slower, so random tests do less.
const slow = 8
