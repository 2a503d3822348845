package backend

import (
	"maps"
	"slices"
)

// Codes returns every code in failures.json.
func Codes() []Code { return slices.Collect(maps.Keys(words)) }
