package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"

	"bookring/backend"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// File is what a person is asked a place for.
type File struct {
	// Title is the question's, Name the name that is proposed; its end is the
	// kind of file, which Kind says in words.
	Title, Name, Kind string
	Content           []byte
}

// SaveAs asks where a file shall be and writes it there, readable by this user
// only: wholly, or not at all. It returns false if the person wants none. The
// context must be Wails'. Fails with FileNotSaved and the place.
func SaveAs(ctx context.Context, f File) (saved bool, err error) {
	end := filepath.Ext(f.Name)
	folder := "" // the one that was used last
	if goruntime.GOOS == "linux" {
		folder, _ = os.UserHomeDir() // where GTK would propose the one the program was started in
	}
	place, err := runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
		Title: f.Title, DefaultFilename: f.Name, DefaultDirectory: folder,
		Filters: []runtime.FileFilter{{DisplayName: f.Kind, Pattern: "*" + end}},
	})
	if err != nil || place == "" {
		return false, err
	}
	place = named(place, end)
	if err := Replace(place, f.Content); err != nil {
		return false, backend.Fail(backend.FileNotSaved, place, err)
	}
	return true, nil
}

// named gives a name that has no end its end, unless that is another file: the
// person was only asked about the one that they named.
func named(place, end string) string {
	if filepath.Ext(place) != "" {
		return place
	}
	if _, err := os.Lstat(place + end); !errors.Is(err, os.ErrNotExist) {
		return place
	}
	return place + end
}

// Replace writes a file, or puts it in the place of the one that is there, so
// that whoever looks finds one of them whole. A failure leaves what was there.
func Replace(place string, content []byte) (err error) {
	next, err := os.CreateTemp(filepath.Dir(place), ".bookring-*")
	if err != nil {
		return fmt.Errorf("make a file beside it: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(next.Name()) // which is what failed, or in the way of nobody
		}
	}()
	_, err = next.Write(content)
	if err = errors.Join(err, next.Sync(), next.Close()); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := os.Rename(next.Name(), place); err != nil {
		return fmt.Errorf("put it in its place: %w", err)
	}
	return nil
}
