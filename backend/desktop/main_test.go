package desktop_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestMain keeps every test out of the user's own folders. The processes started by a
// test inherit the folders.
func TestMain(m *testing.M) {
	const inherited = "BOOKRING_TEST_FOLDERS"
	if os.Getenv(inherited) != "" {
		os.Exit(m.Run())
	}
	folder, err := os.MkdirTemp("", "bookring-desktop-")
	if err != nil {
		panic(err)
	}
	for _, name := range []string{inherited, "HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"} {
		if err := os.Setenv(name, filepath.Join(folder, name)); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}
