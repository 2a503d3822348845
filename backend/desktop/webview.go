package desktop

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// webView2Folder is the web view's folder on Windows, in the base folder. Only
// WebView2 lets a program choose the place.
const webView2Folder = "WebView2"

// webView2Path returns the path of webView2Folder. Without a base folder the
// result is "", WebView2's default; [OpenDataFolder] then reports the failure.
func (e Environment) webView2Path() string {
	base, err := basePath(e.DataDir)
	if err != nil {
		return ""
	}
	return filepath.Join(base, webView2Folder)
}

// bundleID identifies the program on macOS (build/darwin/Info.plist).
const bundleID = "app.bookring"

// webviewPaths returns the possible paths of the web view's data:
//
//   - Linux: WebKitGTK's entries in the default base folder, and
//     $XDG_CACHE_HOME/bookring; WebKitGTK derives both from the program's name
//   - macOS: WebKit's folders, and the system's records of windows and settings
//   - Windows: webView2Folder in the base folder
func (d *DataFolder) webviewPaths() (paths []string) {
	switch runtime.GOOS {
	case "windows":
		return []string{filepath.Join(d.base, webView2Folder)}
	case "darwin":
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		for _, path := range []string{
			"WebKit/" + bundleID, "Caches/" + bundleID, "HTTPStorages/" + bundleID, "HTTPStorages/" + bundleID + ".binarycookies",
			"Saved Application State/" + bundleID + ".savedState", "Preferences/" + bundleID + ".plist",
		} {
			paths = append(paths, filepath.Join(home, "Library", filepath.FromSlash(path)))
		}
		return paths
	}
	if cache, err := os.UserCacheDir(); err == nil {
		paths = append(paths, filepath.Join(cache, "bookring"))
	}
	folder, err := defaultBaseFolder()
	if err != nil {
		return paths
	}
	for _, name := range entries(folder) {
		if slices.Contains(webkitEntries, name) || strings.HasPrefix(name, "hsts-storage.sqlite") {
			paths = append(paths, filepath.Join(folder, name))
		}
	}
	return paths
}

// webkitEntries are the names in the data folder of a program with WebKitGTK
// 2.40 or later.
var webkitEntries = []string{
	"databases", "deviceidhashsalts", "itp", "localstorage", "mediakeys", "serviceworkers", "storage",
}
