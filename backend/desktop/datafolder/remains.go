package datafolder

import (
	"os"
	"path/filepath"
	"regexp"
)

// A Bookring without marks also left folders without a register: after a killed first
// run, the demo alone, test servers alone, or with damaged files only.

// fit is the result for a name inside a folder of a Bookring without marks.
type fit int

const (
	no     fit = iota // a file of the user
	maybe             // can be Bookring's
	surely            // made by no other program
)

// onlyBookrings reports whether every name in a folder, with the file's kind and
// beginning, is Bookring's, and at least one name surely is. Standard reports the
// default folder, with the locks on sign-ins and the web view's data. Error: a failed
// read.
func onlyBookrings(folder string, names []string, standard bool) (bool, error) {
	proven := false
	for _, name := range names {
		found, err := remainOf(filepath.Join(folder, name), name, standard)
		if err != nil || found == no {
			return false, err
		}
		proven = proven || found == surely
	}
	return proven, nil
}

func remainOf(path, name string, standard bool) (fit, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return no, &readError{path, err}
	}
	switch {
	case info.IsDir():
		return folderOf(path, name, standard)
	case !isRegular(info):
		return no, nil
	case name == LockFile && info.Size() == 0:
		return surely, nil
	case name == GeometryFile:
		return begins(path, `{"X":`)
	case Log.MatchString(name):
		return begins(path, `{"time":`)
	case name == RegisterFile:
		return unfinishedRegister(path)
	case Register.MatchString(name), Temporary.MatchString(name):
		return maybe, nil
	case standard && WebKit.MatchString(name):
		return surely, nil
	}
	return no, nil
}

func folderOf(path, name string, standard bool) (fit, error) {
	switch {
	case name == BackupsFolder:
		return each(path, Backup, func(string) (fit, error) { return maybe, nil })
	case name == DamagedFolder:
		return each(path, Damaged, func(inner string) (fit, error) {
			return each(inner, Register, func(string) (fit, error) { return surely, nil })
		})
	case DataSet.MatchString(name):
		found, err := look(path)
		return map[standing]fit{vacant: maybe, unmarked: surely, marked: surely}[found], err
	case standard && name == LocksFolder:
		if found, err := namesIn(path); err == nil && len(found) == 0 {
			return surely, nil // of a killed removal
		}
		return each(path, SignInLock, func(lock string) (fit, error) {
			if info, err := os.Lstat(lock); err != nil || info.Size() > 0 {
				return no, err
			}
			return surely, nil
		})
	case name == WebView2Folder, standard && WebKit.MatchString(name):
		if standard {
			return surely, nil
		}
		return maybe, nil
	}
	return no, nil
}

// each returns the best fit of a folder's content, or no if one name does not match. An
// empty folder can be Bookring's.
func each(folder string, name *regexp.Regexp, of func(path string) (fit, error)) (fit, error) {
	all, err := os.ReadDir(folder)
	if err != nil {
		return no, &readError{folder, err}
	}
	best := maybe
	for _, entry := range all {
		path := filepath.Join(folder, entry.Name())
		if !name.MatchString(entry.Name()) || !IsFile(path) && !IsFolder(path) {
			return no, nil
		}
		found, err := of(path)
		if err != nil || found == no {
			return no, err
		}
		best = max(best, found)
	}
	return best, nil
}

// begins is maybe for an empty file and for a file with a beginning.
func begins(path, beginning string) (fit, error) {
	text, err := firstBytes(path, len(beginning))
	if err != nil || len(text) > 0 && string(text) != beginning {
		return no, err
	}
	return maybe, nil
}

// unfinishedRegister is no for the database of another program: a database with
// another application ID. An empty and a damaged file can be Bookring's.
func unfinishedRegister(path string) (fit, error) {
	header, err := registerHeader(path)
	if err != nil {
		return no, err
	}
	if header != nil && string(header[applicationIDOffset:]) != "\x00\x00\x00\x00" {
		return no, nil
	}
	return maybe, nil
}
