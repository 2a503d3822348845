package database

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// stampFormat is the format of times in file names: UTC, in chronological order when sorted as text.
const stampFormat = "20060102T150405.000000Z"

// clockSlack is the greatest correction of the clock after which a time in a file name still counts as past.
const clockSlack = 5 * time.Minute

// stamped is a file or folder with a time in the name.
type stamped struct {
	path string
	at   time.Time
}

// of reports whether the time in the name is on the UTC day of t.
func (s stamped) of(t time.Time) bool {
	return s.at.Format(time.DateOnly) == t.UTC().Format(time.DateOnly)
}

// isFuture reports a time in the name that a wrong clock has made.
func (s stamped) isFuture() bool { return time.Until(s.at) > clockSlack }

// findStamped returns the files (or, if folders is true, the folders) named prefix, time, suffix in a folder,
// oldest first. Times in the future count as the oldest: the clock was wrong, and the true time is unknown. A
// missing folder counts as empty. Links and other kinds of files are no result. Error: the folder is a link or
// unreadable.
func findStamped(folder, prefix, suffix string, folders bool) ([]stamped, error) {
	if err := isFolder(folder); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var past, future []stamped
	for _, entry := range entries {
		at, err := time.Parse(prefix+stampFormat+suffix, entry.Name())
		if err != nil || entry.IsDir() != folders || isOther(entry.Type()) {
			continue
		}
		if s := (stamped{filepath.Join(folder, entry.Name()), at}); s.isFuture() {
			future = append(future, s)
		} else {
			past = append(past, s)
		}
	}
	oldestFirst := func(a, b stamped) int { return a.at.Compare(b.at) }
	slices.SortFunc(past, oldestFirst)
	slices.SortFunc(future, oldestFirst)
	return append(future, past...), nil
}
