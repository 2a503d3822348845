package desktop

import (
	"time"
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
