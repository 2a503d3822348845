package backend

import (
	"maps"
	"slices"
)

// Codes returns every code that has words.
func Codes() []Code { return slices.Collect(maps.Keys(words)) }
