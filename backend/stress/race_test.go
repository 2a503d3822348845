//go:build race

package stress_test

// The race detector makes the rows about ten times slower and finds data races at
// any size. The runs without the race detector have the full number of rounds.
const (
	slow    = 20
	days    = 6
	signIns = 6
)
