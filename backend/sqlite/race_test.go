//go:build race

package sqlite_test

// The race detector makes SQLite ten times slower. Random tests do fewer rounds.
const slow = 8
