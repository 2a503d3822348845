package desktop

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// geometry is the window's position and size. The register does not hold the
// geometry, because the values depend on the screen.
type geometry struct {
	X, Y, Width, Height int
	Maximised           bool
}

const geometryFile = "window.json"

// maxSide is the longest side of a window in any window system.
const maxSide = 1<<15 - 1

var defaultGeometry = geometry{X: -1, Y: -1, Width: 1180, Height: 760}

// geometryPath returns the path of geometryFile, or "" without a base folder.
func (w Window) geometryPath() string {
	folder, err := BaseFolder(w.Environment.DataDir)
	if err != nil {
		return ""
	}
	return filepath.Join(folder, geometryFile)
}

// storeGeometry writes the window's geometry for the next start. Errors are
// ignored: without a valid file the next start uses the default.
func (w Window) storeGeometry(ctx context.Context) {
	g := geometry{Maximised: runtime.WindowIsMaximised(ctx)}
	g.X, g.Y = runtime.WindowGetPosition(ctx)
	g.Width, g.Height = runtime.WindowGetSize(ctx)
	if text, err := json.Marshal(g); err == nil {
		_ = os.WriteFile(w.geometryPath(), text, 0o600)
	}
}

// storedGeometry returns the last geometry if valid, otherwise the default. The
// window must be created with the final size: a later change of size is not safe
// beside GTK's thread.
func (w Window) storedGeometry() geometry {
	text, err := os.ReadFile(w.geometryPath())
	var g geometry
	if err != nil || json.Unmarshal(text, &g) != nil {
		return defaultGeometry
	}
	if g.Maximised {
		g = defaultGeometry // the size before maximising is unknown
		g.Maximised = true
		return g
	}
	if g.Width < minWidth || g.Height < minHeight || g.Width > maxSide || g.Height > maxSide {
		return defaultGeometry
	}
	return g
}

// apply restores the window's position or maximises the window. A position
// outside the present screens is ignored.
func (g geometry) apply(ctx context.Context) {
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
	case g.Width > width || g.Height > height: // rare, and GTK has already reduced the window
		runtime.WindowSetSize(ctx, min(defaultGeometry.Width, width), min(defaultGeometry.Height, height))
		runtime.WindowCenter(ctx)
	case g.X >= 0 && g.Y >= 0 && g.X+g.Width <= width && g.Y+g.Height <= height:
		runtime.WindowSetPosition(ctx, g.X, g.Y)
	}
}
