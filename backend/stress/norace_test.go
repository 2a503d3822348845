//go:build !race

package stress_test

const (
	slow    = 1
	days    = 60
	signIns = 25
)
