package database

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// damagedFolder holds a folder TIME for each damaged database file.
	damagedFolder = "damaged"
	// The newest retainDamaged folders are retained, and the newest folder of each earlier day. A folder
	// older than retainDamagedFor is deleted, unless the folder is the newest. A folder with a time in the
	// future is deleted as soon as there are retainDamaged others: such a time would never grow old.
	retainDamaged    = 3
	retainDamagedFor = 30 * 24 * time.Hour
)

// moveDamaged moves the database file and the companion files into a new folder and returns the folder; ""
// if no file exists. moveDamaged moves all of the files or, after an error, none.
func (f Files) moveDamaged() (folder string, err error) {
	var names []string
	for _, suffix := range companions {
		info, err := os.Lstat(f.path() + suffix)
		if err == nil && !info.IsDir() && !isOther(info.Mode()) && (suffix != "" || info.Size() > 0) {
			names = append(names, FileName+suffix)
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	if err := makeOwnFolder(filepath.Join(f.Folder, damagedFolder)); err != nil {
		return "", err
	}
	folder = filepath.Join(f.Folder, damagedFolder, time.Now().UTC().Format(stampFormat))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", err
	}
	for i, name := range names {
		if err = rename(filepath.Join(f.Folder, name), filepath.Join(folder, name)); err == nil {
			continue
		}
		for _, moved := range names[:i] {
			err = errors.Join(err, rename(filepath.Join(folder, moved), filepath.Join(f.Folder, moved)))
		}
		return "", errors.Join(err, os.Remove(folder))
	}
	return folder, nil
}

// lastDamaged returns the newest folder of damaged files, or "".
func (f Files) lastDamaged() string {
	all := f.allDamaged()
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1].path
}

// pruneDamaged deletes every folder of damaged files but the retained folders.
func (f Files) pruneDamaged() {
	var day time.Time
	all := f.allDamaged()
	slices.Reverse(all)
	for i, folder := range all {
		sameDay := folder.of(day)
		day = folder.at
		if i > 0 && time.Since(folder.at) > retainDamagedFor || i >= retainDamaged && (sameDay || folder.isFuture()) {
			removeDamaged(folder.path)
		}
	}
}

// removeDamaged deletes the database files in a folder of damaged files, and the folder if empty: a file
// that the user laid there stays.
func removeDamaged(folder string) {
	for _, suffix := range companions {
		_ = removeFile(filepath.Join(folder, FileName+suffix))
	}
	_ = os.Remove(folder)
}

// allDamaged returns the folders of damaged files, oldest first.
func (f Files) allDamaged() []stamped {
	all, _ := findStamped(filepath.Join(f.Folder, damagedFolder), "", "", true) // none in an unreadable folder
	return all
}
