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
