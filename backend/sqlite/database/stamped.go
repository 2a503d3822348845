package database

import (
	"os"
	"path/filepath"
	"slices"
	"time"
)

// stampFormat is the format of times in file names: UTC, in chronological order when sorted as text.
const stampFormat = "20060102T150405.000000Z"

// stamped is a file or folder with a time in the name.
type stamped struct {
	path string
	at   time.Time
}

// of reports whether the time in the name is on the UTC day of t.
func (s stamped) of(t time.Time) bool {
	return s.at.Format(time.DateOnly) == t.UTC().Format(time.DateOnly)
}

// findStamped returns the files and folders named prefix, time, suffix in a folder, oldest first. A missing
// folder counts as empty.
func findStamped(folder, prefix, suffix string) []stamped {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var all []stamped
	for _, entry := range entries {
		if at, err := time.Parse(prefix+stampFormat+suffix, entry.Name()); err == nil {
			all = append(all, stamped{filepath.Join(folder, entry.Name()), at})
		}
	}
	slices.SortFunc(all, func(a, b stamped) int { return a.at.Compare(b.at) })
	return all
}
