//go:build race

package stress_test

// The race detector makes everything ten times slower, and looks for something
// else than how often: the same rows run at their size without it.
const (
	slow    = 20
	days    = 6
	signIns = 6
)
