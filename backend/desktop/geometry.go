package desktop

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"bookring/backend/desktop/datafolder"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// geometry is the window's position and size. The register does not hold the
// geometry, because the values depend on the screen.
type geometry struct {
	X, Y, Width, Height int
	Maximised           bool
}

// maxSide is the longest side of a window in any window system.
const maxSide = 1<<15 - 1

var defaultGeometry = geometry{X: -1, Y: -1, Width: 1180, Height: 760}

// geometryPath returns the path of datafolder.GeometryFile, or "" without a base folder.
func (e Environment) geometryPath() string {
	folder, err := datafolder.Base(e.DataDir)
	if err != nil {
		return ""
	}
	return filepath.Join(folder, datafolder.GeometryFile)
}

// storeGeometry writes the window's geometry to path, for the next start. Errors are
// ignored: without a valid file the next start uses the default.
func storeGeometry(ctx context.Context, path string) {
	g := geometry{Maximised: runtime.WindowIsMaximised(ctx)}
	g.X, g.Y = runtime.WindowGetPosition(ctx)
	g.Width, g.Height = runtime.WindowGetSize(ctx)
	writeGeometry(path, g)
}

// writeGeometry replaces no link and no folder at path.
func writeGeometry(path string, g geometry) {
	text, err := json.Marshal(g)
	if err == nil && path != "" && datafolder.Free(path) == nil {
		_ = datafolder.Replace(path, text)
	}
}

// storedGeometry returns the last geometry, from path, if valid, otherwise the default. The
// window must be created with the final size: a later change of size is not safe
// beside GTK's thread.
func storedGeometry(path string) geometry {
	var g geometry
	if !datafolder.IsFile(path) {
		return defaultGeometry
	}
	text, err := os.ReadFile(path) //nolint:gosec // in the base folder
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
