package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// damagedFolder is where what was damaged is moved, a folder for each time.
	damagedFolder = "damaged"
	// Of what was moved there, the newest stay, and of the rest one a day;
	// nothing for longer than a month.
	keepDamaged    = 3
	keepDamagedFor = 30 * 24 * time.Hour
)

// stampForm is how times stand in the names of files: UTC, and in their order
// when sorted as text.
const stampForm = "20060102T150405.000000Z"

// companions are the ends of the names of what belongs to a register: its file
// first, then what SQLite keeps beside it.
var companions = []string{"", "-wal", "-shm", "-journal"}

// moveAside moves the register's file, and what SQLite keeps beside it, into a
// folder of their own, and returns that folder; "" if there is nothing to move.
// All are moved, or none.
func moveAside(folder string) (kept string, err error) {
	var names []string
	for _, end := range companions {
		about, err := os.Lstat(filepath.Join(folder, FileName+end))
		if err == nil && (end != "" || about.Size() > 0) {
			names = append(names, FileName+end)
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	kept = filepath.Join(folder, damagedFolder, time.Now().UTC().Format(stampForm))
	if err := os.MkdirAll(kept, 0o700); err != nil {
		return "", err
	}
	for i, name := range names {
		if err = os.Rename(filepath.Join(folder, name), filepath.Join(kept, name)); err == nil {
			continue
		}
		for _, moved := range names[:i] {
			err = errors.Join(err, os.Rename(filepath.Join(kept, moved), filepath.Join(folder, moved)))
		}
		return "", errors.Join(err, os.Remove(kept))
	}
	return kept, nil
}

// lastAside returns the folder that was moved aside last, or "".
func lastAside(folder string) string {
	entries := stamped(filepath.Join(folder, damagedFolder), "", "")
	if len(entries) == 0 {
		return ""
	}
	return entries[len(entries)-1].path
}

// pruneAside removes what was moved aside and need not be kept any longer.
func pruneAside(folder string) {
	entries := stamped(filepath.Join(folder, damagedFolder), "", "")
	slices.Reverse(entries)
	var day time.Time
	for i, e := range entries {
		same := e.of(day)
		day = e.at
		if i > 0 && time.Since(e.at) > keepDamagedFor || i >= keepDamaged && same {
			_ = os.RemoveAll(e.path)
		}
	}
}

// entry is something in a folder whose name holds a time.
type entry struct {
	path string
	at   time.Time
}

// of reports whether it is of the same day as t, in UTC.
func (e entry) of(t time.Time) bool {
	return e.at.Format(time.DateOnly) == t.UTC().Format(time.DateOnly)
}

// stamped returns what is in a folder under a name that begins and ends so, the
// oldest first. A folder that is not there is empty.
func stamped(folder, begin, end string) []entry {
	found, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var all []entry
	for _, f := range found {
		if at, err := time.Parse(begin+stampForm+end, f.Name()); err == nil {
			all = append(all, entry{filepath.Join(folder, f.Name()), at})
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	return all
}

// notMoved is damage that had to be left where it is.
func notMoved(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("somebody else moves files here: %w", err)
	}
	return fmt.Errorf("move aside: %w", errors.Join(errDamaged, err))
}
