package desktop_test

import (
	"os"
	"path/filepath"
	"testing"

	"bookring/backend/desktop"
	"bookring/backend/desktop/datafolder"
)

func TestTheWindowOpensInTheStoredSizeUnlessTheSizeIsInvalid(t *testing.T) {
	for stored, want := range map[string]struct {
		width, height int
		maximised     bool
	}{
		`{"X":30,"Y":40,"Width":900,"Height":600}`:                  {900, 600, false},
		`{"X":0,"Y":0,"Width":2560,"Height":1440,"Maximised":true}`: {1180, 760, true},
		`{"X":30,"Y":40,"Width":90,"Height":600}`:                   {1180, 760, false},
		`{"X":30,"Y":40,"Width":900,"Height":-1}`:                   {1180, 760, false},
		`{"X":30,"Y":40,"Width":900,"Height":2000000000}`:           {1180, 760, false},
		`{"X":30,"Y":40,"Width":"wide","Height":600}`:               {1180, 760, false},
		`{"X":30,"Y":40,"Wid`:                                       {1180, 760, false},
		"":                                                          {1180, 760, false},
	} {
		folder, err := datafolder.Base(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "window.json"), []byte(stored), 0o600); err != nil {
			t.Fatal(err)
		}
		window := desktop.Window{Environment: desktop.Environment{DataDir: folder}}
		width, height, maximised := desktop.StoredGeometry(window)
		if width != want.width || height != want.height || maximised != want.maximised {
			t.Errorf("%q: %d × %d, maximised %v", stored, width, height, maximised)
		}
	}
}
