package datafolder_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"
)

func TestTheDefaultFolderIsPrivateToTheUser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the variables are for Linux")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	for xdg, want := range map[string]string{
		"":                          filepath.Join(home, ".local", "share", "bookring"),
		"relative":                  filepath.Join(home, ".local", "share", "bookring"),
		filepath.Join(home, "data"): filepath.Join(home, "data", "bookring"),
	} {
		t.Setenv("XDG_DATA_HOME", xdg)
		got, err := datafolder.Base("")
		if err != nil || got != want {
			t.Errorf("XDG_DATA_HOME=%q: %q, %v, want %q", xdg, got, err, want)
		}
		private(t, want, 0o700)
	}
}

func TestAnOverrideIsMadeAbsoluteAndANewFolderIsPrivate(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, override := range []string{filepath.Join("new", "deep"), "other", "with space é"} {
		got, err := datafolder.Base(override)
		if err != nil || !filepath.IsAbs(got) || filepath.Base(got) != filepath.Base(override) {
			t.Errorf("%q: %q, %v", override, got, err)
		}
		private(t, got, 0o700)
	}
}

func TestTheFailureNamesAnImpossibleFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]backend.Code{
		file: "data-folder-file", filepath.Join(file, "below"): backend.DataFolderFailed,
	} {
		_, err := datafolder.Base(path)
		if f := backend.AsFailure(err); f == nil || f.Code != want || f.Detail != path {
			t.Errorf("%s: %v", path, f)
		}
	}
}

func TestWithoutAHomeFolderThereIsNoDataFolder(t *testing.T) {
	for _, variable := range []string{"HOME", "XDG_DATA_HOME", "LOCALAPPDATA"} {
		t.Setenv(variable, "")
	}
	_, err := datafolder.Base("")
	if f := backend.AsFailure(err); f == nil || f.Code != backend.DataFolderFailed {
		t.Errorf("%v", f)
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
