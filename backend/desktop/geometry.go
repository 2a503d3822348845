package desktop

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// geometry is how a window stands. It is a matter of this screen and this
// computer, so it is not in the database.
type geometry struct {
	X, Y, Width, Height int
	Maximised           bool
}

const stateName = "window.json"

// longest is the longest side that a window system knows.
const longest = 1<<15 - 1

var usual = geometry{X: -1, Y: -1, Width: 1180, Height: 760}

// stateFile returns where the geometry is kept, or "" if there is no folder.
func (w Window) stateFile() string {
	folder, err := Folder(w.Environment.DataDir)
	if err != nil {
		return ""
	}
	return filepath.Join(folder, stateName)
}

// remember keeps how the window stands. If that does not work the next start
// opens it as the first one did.
func (w Window) remember(ctx context.Context) {
	g := geometry{Maximised: runtime.WindowIsMaximised(ctx)}
	g.X, g.Y = runtime.WindowGetPosition(ctx)
	g.Width, g.Height = runtime.WindowGetSize(ctx)
	if text, err := json.Marshal(g); err == nil {
		_ = os.WriteFile(w.stateFile(), text, 0o600)
	}
}

// remembered returns how the window shall stand, as far as that can be said
// before there is one: it is made in its size, because changing that later is
// not safe beside GTK's own thread.
func (w Window) remembered() geometry {
	text, err := os.ReadFile(w.stateFile())
	var g geometry
	if err != nil || json.Unmarshal(text, &g) != nil {
		return usual
	}
	if g.Maximised {
		g = usual // the size that it had before is not known
		g.Maximised = true
		return g
	}
	if g.Width < leastWidth || g.Height < leastHeight || g.Width > longest || g.Height > longest {
		return usual
	}
	return g
}

// place puts the window where it stood, as far as that is still on a screen.
func (g geometry) place(ctx context.Context) {
	if g.Maximised {
		runtime.WindowMaximise(ctx)
		return
	}
	screens, err := runtime.ScreenGetAll(ctx)
	if err != nil {
		return
	}
	width, height := 0, 0
	for _, s := range screens {
		width, height = max(width, s.Size.Width), max(height, s.Size.Height)
	}
	switch {
	case g.Width > width || g.Height > height: // rare, and GTK has seen to it by itself
		runtime.WindowSetSize(ctx, min(usual.Width, width), min(usual.Height, height))
		runtime.WindowCenter(ctx)
	case g.X >= 0 && g.Y >= 0 && g.X+g.Width <= width && g.Y+g.Height <= height:
		runtime.WindowSetPosition(ctx, g.X, g.Y)
	}
}
