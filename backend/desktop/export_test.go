package desktop

import "time"

// SetSignInLockTimeout changes the timeout of LockSignIn and returns the former
// timeout.
func SetSignInLockTimeout(d time.Duration) (before time.Duration) {
	before, signInLockTimeout = signInLockTimeout, d
	return before
}

// The tests call the functions directly: SaveAs needs a window, and Commit
// depends on the build.
var (
	WithExtension = withExtension
	CommitOf      = commitOf
)

// StoredGeometry returns the size of the next window.
func StoredGeometry(w Window) (width, height int, maximised bool) {
	g := w.storedGeometry()
	return g.Width, g.Height, g.Maximised
}
