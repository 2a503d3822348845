package desktop

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"bookring/backend/desktop/datafolder"
)

// webView2Path returns the path of the web view's folder on Windows, in the base folder.
// Only WebView2 lets a program choose the place. Without a base folder the result is "",
// WebView2's default; [OpenDataFolder] then reports the failure.
func (e Environment) webView2Path() string {
	base, err := datafolder.Base(e.DataDir)
	if err != nil {
		return ""
	}
	return filepath.Join(base, datafolder.WebView2Folder)
}

// bundleID identifies the program on macOS (build/darwin/Info.plist).
const bundleID = "app.bookring"

// webviewPaths returns the paths of the web view's data. Links and other files in the
// same folders are never among the paths:
//
//   - Linux: WebKitGTK's entries in the default base folder, if Bookring's, and in
//     $XDG_CACHE_HOME/bookring; WebKitGTK derives both folders from the program's name
//   - macOS: WebKit's folders, and the system's records of windows and settings
//   - Windows: the folder WebView2 in the base folder
func (d *DataFolder) webviewPaths() (paths []string) {
	exists := func(path string) bool { return datafolder.IsFile(path) || datafolder.IsFolder(path) }
	switch runtime.GOOS {
	case "windows":
		paths = []string{filepath.Join(d.base, datafolder.WebView2Folder)}
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
	default:
		if cache, err := os.UserCacheDir(); err == nil {
			paths = wholeOrParts(filepath.Join(cache, "bookring"), datafolder.Paths(filepath.Join(cache, "bookring"), datafolder.WebKit, exists))
		}
		if standard, err := datafolder.ResolvedDefault(); err == nil && d.isOwn(standard) {
			paths = append(paths, datafolder.Paths(standard, datafolder.WebKit, exists)...)
		}
	}
	return slices.DeleteFunc(paths, func(path string) bool { return !exists(path) })
}

// wholeOrParts returns a folder if the folder holds parts and nothing else, otherwise
// parts.
func wholeOrParts(folder string, parts []string) []string {
	if all, err := os.ReadDir(folder); err == nil && len(parts) > 0 && len(parts) == len(all) {
		return []string{folder}
	}
	return parts
}
