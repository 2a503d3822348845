package datafolder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"bookring/backend"
)

// ownFolder is the name of Bookring's own folder inside a folder with other files. The
// name differs from the program's, because the program's file can be in the same folder.
const ownFolder = "bookring-data"

// Choose returns Bookring's folder at path, a path chosen by Bookring: path, or, because
// path holds other files, the subfolder "bookring-data", by the same rule. Errors as for
// [Base].
func Choose(path string) (string, error) { return choose(path, true) }

// choose is Choose. Named reports that Bookring chose the name of path, not the user.
func choose(path string, named bool) (string, error) {
	for {
		owned, err := own(path, named)
		if err != nil {
			return "", err
		}
		if owned {
			return path, nil
		}
		path, named = filepath.Join(path, ownFolder), true
	}
}

// own makes the folder at path Bookring's and reports true, or leaves a folder with
// other files unchanged and reports false.
func own(path string, named bool) (bool, error) {
	made, err := create(path)
	if err != nil {
		return false, folderFailure(path, err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return false, folderFailure(path, err)
	}
	if refusal := refuse(path, info); refusal != nil {
		return false, refusal
	}
	found, err := look(path)
	if err != nil {
		return false, folderFailure(path, err)
	}
	switch found {
	case foreign:
		return false, nil
	case marked:
		return true, nil
	}
	mark := markFound
	if made || named && found == unmarked {
		mark = markMade
	}
	// The register of a Bookring without marks is usable without the mark.
	if err := writeMark(path, mark); err != nil && found == vacant && !IsReadOnly(path) {
		return false, folderFailure(path, err)
	}
	return true, nil
}

// create creates a missing folder, and reports whether the folder was missing.
func create(path string) (made bool, err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, err
	}
	return MakePrivate(path)
}

// Find returns the result of [Choose] for path, without creating or marking a folder. ok
// is false without such a folder. Find reads nothing in the known folders, whose registers
// may be open. Error: a failed read, with the path of the folder.
func Find(path string, known ...string) (folder string, ok bool, err error) {
	for IsFolder(path) {
		if slices.ContainsFunc(known, func(other string) bool { return Same(path, other) }) {
			return path, true, nil
		}
		found, err := look(path)
		if err != nil {
			return path, false, err
		}
		if found == marked || found == unmarked {
			return path, true, nil
		}
		path = filepath.Join(path, ownFolder)
	}
	return "", false, nil
}

// standing is the relation of an existing folder to Bookring.
type standing int

const (
	foreign  standing = iota // with other files
	vacant                   // empty, or with nothing but empty folders of data sets
	unmarked                 // of a Bookring without marks
	marked                   // with the mark
)

// look returns the standing of a folder.
func look(path string) (standing, error) {
	names, err := namesIn(path)
	if err != nil {
		return foreign, err
	}
	// After the names: another copy of Bookring may be marking the folder.
	if _, ok, err := markOf(path); err != nil {
		return foreign, err
	} else if ok {
		return standingOfMarked(path)
	}
	if len(names) == 0 {
		return vacant, nil
	}
	adopt, err := adoptable(path, names)
	switch {
	case err != nil:
		return foreign, err
	case adopt:
		return unmarked, nil
	case holdsOnlyEmptyDataSets(path, names):
		return vacant, nil
	}
	return foreign, nil
}

// holdsOnlyEmptyDataSets reports the remains of a killed removal: the folders of data
// sets, without a mark and without a file.
func holdsOnlyEmptyDataSets(path string, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		folder := filepath.Join(path, name)
		inside, err := namesIn(folder)
		return !DataSet.MatchString(name) || !IsFolder(folder) || err != nil || len(inside) > 0
	})
}

// standingOfMarked is foreign for a folder with a mark copied there by hand: the data
// are in the subfolder, and the folder has none.
func standingOfMarked(path string) (standing, error) {
	inside, err := hasMarkedSubfolder(path)
	if err != nil || !inside {
		return marked, err
	}
	if len(Files(path, Register)) > 0 || len(Files(filepath.Join(path, BackupsFolder), Backup)) > 0 {
		return marked, nil
	}
	return foreign, nil
}

func hasMarkedSubfolder(path string) (bool, error) {
	if !IsFolder(filepath.Join(path, ownFolder)) {
		return false, nil
	}
	_, ok, err := markOf(filepath.Join(path, ownFolder))
	return ok, err
}

// Unmark deletes the mark of a folder, and the folder if made by Bookring and empty.
func Unmark(path string) {
	if !IsFolder(path) {
		return
	}
	made, ok, err := markOf(path)
	if err != nil || !ok {
		return
	}
	for _, name := range unfinishedMarks(path) {
		_ = os.Remove(filepath.Join(path, name))
	}
	if mark := filepath.Join(path, markFile); NameIsExact(mark) {
		_ = os.Remove(mark)
	}
	if made {
		DeleteEmpty(path)
	}
}

// folderFailure returns the failure for an error during the creation or reading of a
// folder. The detail is the path of the unreadable file, if known.
func folderFailure(path string, err error) error {
	if failure, ok := errors.AsType[*backend.Failure](err); ok {
		return failure
	}
	if isFull(err) {
		return backend.Fail(backend.DatabaseFull, path, err)
	}
	if failed, ok := errors.AsType[*readError](err); ok {
		path = failed.path
	}
	return backend.Fail(backend.DataFolderFailed, path, err)
}

// readError is a failed read of a file or folder that can be Bookring's.
type readError struct {
	path string
	err  error
}

func (e *readError) Error() string { return e.err.Error() }
func (e *readError) Unwrap() error { return e.err }
