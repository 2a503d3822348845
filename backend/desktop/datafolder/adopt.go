package datafolder

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"bookring/backend"
)

// adoptable reports whether a folder without the mark, with the given names inside,
// is the folder of a Bookring without marks. The evidence is a register, a backup, or
// names of which every one is Bookring's; see [onlyBookrings].
//
// adoptable opens the register: no connection of the process may be open (closing the
// file would release SQLite's locks).
func adoptable(folder string, names []string) (bool, error) {
	inside, err := hasMarkedSubfolder(folder)
	if err != nil || inside {
		return false, err // Bookring's data are already in the subfolder
	}
	standard := isDefault(folder)
	if isLinkedList(filepath.Join(folder, RegisterFile), isRegister, standard) {
		return false, backend.Fail(backend.ListIsLink, filepath.Join(folder, RegisterFile), nil)
	}
	found, err := registerIn(folder)
	if err != nil || found {
		return found, err
	}
	if isLinkedList(filepath.Join(folder, BackupsFolder), holdsBackup, standard) {
		return false, backend.Fail(backend.ListIsLink, filepath.Join(folder, BackupsFolder), nil)
	}
	return onlyBookrings(folder, names, standard)
}

// isLinkedList reports a link of the user to a register or to backups: an empty list in
// another folder would look like a loss. A link to a missing disk counts in the default
// folder.
func isLinkedList(path string, isList func(target string) (bool, error), standard bool) bool {
	info, err := os.Lstat(path)
	if err != nil || !isLink(info) {
		return false
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return standard
	}
	found, err := isList(target)
	return found || err != nil
}

// registerIn reports whether a folder holds a register or a backup. An unreadable file
// is an error, unless another file is a register.
func registerIn(folder string) (found bool, err error) {
	found, err = isRegister(filepath.Join(folder, RegisterFile))
	if err != nil || found {
		return found, err
	}
	return holdsBackup(filepath.Join(folder, BackupsFolder))
}

// holdsBackup is registerIn for a folder of backups.
func holdsBackup(backups string) (found bool, err error) {
	if IsFolder(backups) {
		if _, err := os.ReadDir(backups); err != nil {
			return false, &readError{backups, err}
		}
	}
	for _, path := range Files(backups, Backup) {
		found, failed := isRegister(path)
		if found {
			return true, nil
		}
		err = errors.Join(err, failed)
	}
	return false, err
}

// holdsRegister is registerIn for words about a refused folder, also for Bookring's own
// folder inside. A failed read counts as no register.
func holdsRegister(folder string) bool {
	for _, path := range []string{folder, filepath.Join(folder, ownFolder)} {
		if found, _ := registerIn(path); found {
			return true
		}
	}
	return false
}

// isDefault reports whether a folder is the default folder, also under another name.
func isDefault(folder string) bool {
	standard, err := ResolvedDefault()
	return err == nil && Same(folder, standard)
}

// applicationID is the register's application ID, "BKRG"
// (https://www.sqlite.org/fileformat2.html section 1.3).
var applicationID = []byte("BKRG")

const (
	sqliteHeader        = "SQLite format 3\x00"
	applicationIDOffset = 68
)

// isRegister reports whether a file is a register, by the header. The header of a
// register can still be in the write-ahead log.
func isRegister(path string) (bool, error) {
	header, err := registerHeader(path)
	if err != nil || header == nil {
		return false, err
	}
	if isBookrings(header) {
		return true, nil
	}
	found := false
	err = readFile(path+"-wal", func(log io.Reader) (err error) { found, err = logHoldsRegister(log); return err })
	return found, err
}

// registerHeader returns the header of a database of SQLite, otherwise nil.
func registerHeader(path string) ([]byte, error) {
	header, err := firstBytes(path, applicationIDOffset+len(applicationID))
	if err != nil || len(header) < applicationIDOffset+len(applicationID) || !bytes.HasPrefix(header, []byte(sqliteHeader)) {
		return nil, err
	}
	return header, nil
}

func isBookrings(page []byte) bool {
	return bytes.HasPrefix(page[applicationIDOffset:], applicationID)
}

// logHoldsRegister reports whether the last page 1 in a write-ahead log has the
// application ID (https://www.sqlite.org/fileformat2.html section 4.1).
func logHoldsRegister(log io.Reader) (found bool, err error) {
	var header [32]byte
	if _, err := io.ReadFull(log, header[:]); err != nil {
		return false, unlessEnd(err)
	}
	const smallest, largest = 512, 65536
	size := binary.BigEndian.Uint32(header[8:])
	if size < smallest || size > largest {
		return false, nil
	}
	frame := make([]byte, 24+size)
	for {
		if _, err := io.ReadFull(log, frame); err != nil {
			return found, unlessEnd(err)
		}
		if binary.BigEndian.Uint32(frame) == 1 {
			found = isBookrings(frame[24:])
		}
	}
}

func unlessEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// readFile calls read with an open regular file, and does nothing for a missing file
// and any other path. Error: a failed read.
func readFile(path string, read func(io.Reader) error) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &readError{path, err}
	}
	if !isRegular(info) {
		return nil
	}
	var file *os.File
	err = patiently(func() (err error) {
		file, err = os.OpenFile(path, os.O_RDONLY|WithoutLinks, 0) //nolint:gosec // a regular file
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &readError{path, err}
	}
	defer func() { _ = file.Close() }() // only read
	if err := read(file); err != nil {
		return &readError{path, err}
	}
	return nil
}
