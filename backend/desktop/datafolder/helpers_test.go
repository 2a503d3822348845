package datafolder_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

const stamp = "20260102T030405.000006"

// newHome returns the home folder of a user without files of Bookring.
func newHome(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the folders are for Linux")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", filepath.Join(home, "data"))
	return home
}

// plant creates files below a folder; a name ending in / is an empty folder, a name with
// an arrow a symbolic link, and a name with = has the text behind as content.
func plant(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		link, target, isLink := strings.Cut(name, " -> ")
		file, text, hasText := strings.Cut(link, "=")
		path := filepath.Join(folder, file)
		parent := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			parent = path
		}
		if err := os.MkdirAll(parent, 0o755); err != nil {
			t.Fatal(err)
		}
		if !hasText {
			text = "the user's " + name
		}
		var err error
		switch {
		case isLink:
			err = os.Symlink(target, path)
		case parent != path:
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// register writes the beginning of a register of a Bookring without marks, or of
// another program's database.
func register(t *testing.T, folder, applicationID string) {
	t.Helper()
	page := make([]byte, 4096)
	copy(page, "SQLite format 3\x00")
	copy(page[68:], applicationID)
	plant(t, folder, "bookring.db="+string(page))
}

// tree returns the kind, mode and content of everything below a folder.
func tree(t *testing.T, folder string, without ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		for _, other := range without {
			if path == other {
				return fs.SkipDir
			}
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content := ""
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			content = string(text)
		}
		found[path] = fmt.Sprintf("%v %q", info.Mode(), content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func same[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
