package backend

import "time"

// Opening describes the opening of the register. The zero value is the usual
// case: the register was undamaged, or this is the first start.
type Opening struct {
	// Lost reports that an earlier register was damaged, empty or missing.
	Lost bool
	// DamagedFolder is the folder with the damaged files, or "".
	DamagedFolder string
	// BackupAt is the time of the restored backup. If Lost is true and BackupAt
	// is zero, no backup was usable and the register started empty.
	BackupAt time.Time
	// ReadOnly is the failure that prevents writing, or nil.
	ReadOnly *Failure
	// Network reports a folder on another computer, as far as the operating
	// system tells.
	Network bool
}
