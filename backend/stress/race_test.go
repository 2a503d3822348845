//go:build race

package stress_test

// The race detector makes everything ten times slower, and looks for something
// else than how often.
const (
	slow    = 10
	signIns = 6
)
