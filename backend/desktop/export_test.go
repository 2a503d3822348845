package desktop

import "time"

// SetLockPatience changes how long LockSignIn waits for another program.
func SetLockPatience(d time.Duration) (before time.Duration) {
	before, lockPatience = lockPatience, d
	return before
}

// Named is what becomes of a name that a person typed.
var Named = named

// Noted is what [Commit] finds in what Go noted.
var Noted = noted

// Remembered is the size in which a window is made.
func Remembered(w Window) (width, height int, maximised bool) {
	g := w.remembered()
	return g.Width, g.Height, g.Maximised
}
