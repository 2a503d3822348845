package desktop_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"bookring/backend/desktop"
)

func content(t *testing.T, file string) string {
	t.Helper()
	all, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func count(t *testing.T, folder string, want int) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != want {
		t.Errorf("%d files are there: %v", len(files), files)
	}
}

func TestAMissingExtensionIsAddedUnlessTheNameIsTaken(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "old.ics"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]string{"new": "new.ics", "new.ics": "new.ics", "new.txt": "new.txt", "old": "old"} {
		if got := desktop.WithExtension(filepath.Join(folder, asked), ".ics"); got != filepath.Join(folder, want) {
			t.Errorf("%s becomes %s", asked, got)
		}
	}
}

// private checks the mode of a file or folder, except on Windows.
func private(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want && runtime.GOOS != "windows" {
		t.Errorf("%s has mode %o, want %o", path, got, want)
	}
}
