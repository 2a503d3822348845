package backend

import "time"

// Opening is what it took to open the register. The zero value is the usual
// case: it was there and sound, or this is the first start.
type Opening struct {
	// Lost: there was a register, and it was damaged, empty or gone.
	Lost bool
	// DamagedFolder is the folder into which what was damaged was moved, or "".
	DamagedFolder string
	// BackupAt is when the backup was made that took its place. Zero with Lost:
	// there was none that was sound, and the register began empty.
	BackupAt time.Time
	// ReadOnly is why nothing can be written, or nil.
	ReadOnly *Failure
	// Network: the folder is not on a disk of this computer, as far as the
	// system says.
	Network bool
}
