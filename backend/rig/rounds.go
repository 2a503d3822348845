package rig

import (
	"os"
	"strconv"
	"testing"
)

// Rounds returns the number of rounds of a test: few, or the number in the environment
// variable BOOKRING_STRESS.
func Rounds(t testing.TB, few int) int {
	t.Helper()
	s := os.Getenv("BOOKRING_STRESS")
	if s == "" {
		return few
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
