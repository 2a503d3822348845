package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	goruntime "runtime"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// File is a file for [SaveAs].
type File struct {
	// Title is the dialog's title, Name the proposed name, and Kind the
	// description of the name's extension.
	Title, Name, Kind string
	Content           []byte
}

// SaveAs asks the user for a path and writes the file, readable by the current
// user only, completely or not at all. Saved is false after a cancelled dialog.
// The context must come from Wails. Errors: FileNotSaved with the path, or the
// dialog's error.
func SaveAs(ctx context.Context, f File) (saved bool, err error) {
	extension := filepath.Ext(f.Name)
	folder := "" // the last folder used in a dialog
	if goruntime.GOOS == "linux" {
		folder, _ = os.UserHomeDir() // GTK would propose the working directory
	}
	path, err := runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
		Title: f.Title, DefaultFilename: f.Name, DefaultDirectory: folder,
		Filters: []runtime.FileFilter{{DisplayName: f.Kind, Pattern: "*" + extension}},
	})
	if err != nil || path == "" {
		return false, err
	}
	path = withExtension(path, extension)
	if err := datafolder.Replace(path, f.Content); err != nil {
		return false, backend.Fail(backend.FileNotSaved, path, err)
	}
	return true, nil
}

// withExtension adds the extension to a path without an extension, unless the
// result is an existing file: the dialog asked only about replacing the file at
// path.
func withExtension(path, extension string) string {
	if filepath.Ext(path) != "" {
		return path
	}
	if _, err := os.Lstat(path + extension); !errors.Is(err, os.ErrNotExist) {
		return path
	}
	return path + extension
}
