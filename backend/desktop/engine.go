package desktop

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// engineName is the folder of the window's browser engine on Windows, which is
// the one system that lets a program choose where that is: beside the data.
const engineName = "WebView2"

// engineFolder returns that folder, which WebView2 makes.
func (e Environment) engineFolder() string {
	base, err := locate(e.DataDir)
	if err != nil {
		return "" // WebView2's own choice, until the program says what is wrong
	}
	return filepath.Join(base, engineName)
}

// bundle is the name that macOS knows the program by (build/darwin/Info.plist).
const bundle = "app.bookring"

// enginePaths returns where the window's browser engine keeps what it
// remembers. Whether it is there is another question.
//
//   - Linux: WebKitGTK takes the folders of the program's name, the usual data
//     folder and $XDG_CACHE_HOME/bookring
//   - macOS: WebKit's folders, and the system's own for a window and its settings
//   - Windows: beside the data, see engineName
func (h *Home) enginePaths() (paths []string) {
	switch runtime.GOOS {
	case "windows":
		return []string{filepath.Join(h.base, engineName)}
	case "darwin":
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		for _, path := range []string{
			"WebKit/" + bundle, "Caches/" + bundle, "HTTPStorages/" + bundle, "HTTPStorages/" + bundle + ".binarycookies",
			"Saved Application State/" + bundle + ".savedState", "Preferences/" + bundle + ".plist",
		} {
			paths = append(paths, filepath.Join(home, "Library", filepath.FromSlash(path)))
		}
		return paths
	}
	if cache, err := os.UserCacheDir(); err == nil {
		paths = append(paths, filepath.Join(cache, "bookring"))
	}
	usual, err := base()
	if err != nil {
		return paths
	}
	for _, name := range entries(usual) {
		if slices.Contains(webkitEntries, name) || strings.HasPrefix(name, "hsts-storage.sqlite") {
			paths = append(paths, filepath.Join(usual, name))
		}
	}
	return paths
}

// webkitEntries are the names under which WebKitGTK 2.40 and later keep
// something in a program's data folder.
var webkitEntries = []string{
	"databases", "deviceidhashsalts", "itp", "localstorage", "mediakeys", "serviceworkers", "storage",
}
