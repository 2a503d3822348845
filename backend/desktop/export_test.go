package desktop

import (
	"time"

	"github.com/wailsapp/wails/v2/pkg/options"
)

// SetSignInLockTimeout changes the timeout of LockSignIn and returns the former
// timeout.
func SetSignInLockTimeout(d time.Duration) (before time.Duration) {
	before, signInLockTimeout = signInLockTimeout, d
	return before
}

func init() { deletionPause = 10 * time.Millisecond }

// The tests call the functions directly: SaveAs needs a window, and Commit
// depends on the build.
var (
	WithExtension = withExtension
	CommitOf      = commitOf
	// DeleteSignInLocks is a part of a removal, short enough for many repetitions.
	DeleteSignInLocks = deleteSignInLocks
)

// StoredGeometry returns the size of the next window.
func StoredGeometry(w Window) (width, height int, maximised bool) {
	g := storedGeometry(w.Environment.geometryPath())
	return g.Width, g.Height, g.Maximised
}

// WriteGeometry writes a window's geometry as a closing window does.
func WriteGeometry(w Window) { writeGeometry(w.Environment.geometryPath(), defaultGeometry) }

// Options returns the options of the window for Wails.
func Options(w Window) *options.App { return w.options(storedGeometry(w.Environment.geometryPath())) }

// Policy is the window's content security policy.
const Policy = policy
