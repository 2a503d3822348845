package desktop_test

import (
	"os"
	"path/filepath"
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

func TestReplaceWritesTheCompleteContent(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "sign-ins.ics")
	for _, text := range []string{"the first, which is longer", "second", ""} {
		if err := desktop.Replace(file, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := content(t, file); got != text {
			t.Errorf("the file holds %q, want %q", got, text)
		}
	}
	count(t, folder, 1)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

func TestAFailedReplaceLeavesTheOldFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "taken") // a folder, because even root cannot replace a folder
	if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := desktop.Replace(path, []byte("text")); err == nil {
		t.Error("Replace replaced a folder")
	}
	count(t, folder, 1)
	count(t, path, 1)
	if err := desktop.Replace(filepath.Join(folder, "no", "folder"), nil); err == nil {
		t.Error("Replace wrote into a missing folder")
	}
}

func TestAMissingExtensionIsAddedUnlessTheNameIsTaken(t *testing.T) {
	folder := t.TempDir()
	if err := desktop.Replace(filepath.Join(folder, "old.ics"), nil); err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]string{"new": "new.ics", "new.ics": "new.ics", "new.txt": "new.txt", "old": "old"} {
		if got := desktop.WithExtension(filepath.Join(folder, asked), ".ics"); got != filepath.Join(folder, want) {
			t.Errorf("%s becomes %s", asked, got)
		}
	}
}
