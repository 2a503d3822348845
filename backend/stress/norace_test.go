//go:build !race

package stress_test

const (
	slow    = 1
	signIns = 25
)
