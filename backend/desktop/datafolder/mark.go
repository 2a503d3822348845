package datafolder

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// markFile marks a folder as Bookring's. The content distinguishes a mark from
// another file of the same name.
const (
	markFile  = "bookring.folder"
	markText  = "Bookring keeps its data in this folder. Please leave this file unchanged.\n"
	markMade  = markText + "Bookring made the folder.\n"
	markFound = markText + "The folder was here before.\n"
)

// temporaryMark is the pattern of a mark's name until the mark is complete.
const temporaryMark = ".bookring-folder-*"

var unfinishedMark = regexp.MustCompile(`^\.bookring-folder-[0-9]+$`)

// markOf reports whether a folder has the mark, and whether Bookring made the folder.
func markOf(folder string) (made, marked bool, err error) {
	text, err := firstBytes(filepath.Join(folder, markFile), len(markFound)+1)
	made = string(text) == markMade
	return made, made || string(text) == markFound, err
}

// writeMark writes the mark, unless a file, a folder or a link of the user has the name.
func writeMark(folder, text string) error {
	path := filepath.Join(folder, markFile)
	if MayExist(path) {
		return nil
	}
	return replace(path, []byte(text), temporaryMark)
}

// unfinishedMarks returns the names of marks whose writing was killed.
func unfinishedMarks(folder string) (names []string) {
	for _, path := range Files(folder, unfinishedMark) {
		text, err := firstBytes(path, len(markFound)+1)
		if err == nil && (strings.HasPrefix(markMade, string(text)) || strings.HasPrefix(markFound, string(text))) {
			names = append(names, filepath.Base(path))
		}
	}
	return names
}

// systemNames are the files that the operating system itself lays into a folder:
// Finder, Explorer, KDE, and mkfs. A folder with no other file is empty to the user.
var systemNames = regexp.MustCompile(`^(\.DS_Store|\.localized|\.directory|(?i:desktop\.ini|thumbs\.db)|lost\+found)$`)

// namesIn returns the names in a folder, except the system's and unfinished marks.
func namesIn(folder string) (names []string, err error) {
	all, err := os.ReadDir(folder)
	if err != nil {
		return nil, &readError{folder, err}
	}
	unfinished := unfinishedMarks(folder)
	for _, entry := range all {
		name := entry.Name()
		if systemNames.MatchString(name) && entry.IsDir() == (name == "lost+found") || slices.Contains(unfinished, name) {
			continue
		}
		names = append(names, name)
	}
	return names, nil
}

// firstBytes returns at most limit bytes of a regular file; nil for any other path. A
// failed read is an error: the file can still be Bookring's.
func firstBytes(path string, limit int) (text []byte, err error) {
	err = readFile(path, func(file io.Reader) error {
		var b bytes.Buffer
		_, err := io.CopyN(&b, file, int64(limit))
		text = b.Bytes()
		if err == io.EOF { //nolint:errorlint // returned as such by CopyN
			return nil
		}
		return err
	})
	return text, err
}
