package datafolder

import (
	"os"
	"path/filepath"

	"bookring/backend"
)

// Refusal returns the code of the reason against an existing folder and touches nothing,
// so that a test can name the computer's own folders.
func Refusal(path string) backend.Code {
	info, err := os.Lstat(filepath.Clean(path))
	if err != nil {
		return backend.Unexpected
	}
	return backend.CodeOf(refuse(filepath.Clean(path), info))
}

// Patiently repeats an operation as the operations on files, and counts every error as a
// scanner's.
func Patiently(do func() error) error {
	before := heldByScanner
	defer func() { heldByScanner = before }()
	heldByScanner = func(err error) bool { return err != nil }
	return patiently(do)
}

// IsFull is exported because a test cannot exhaust a quota.
var IsFull = isFull

// A test has no placeholder of a cloud service.
var (
	IsLink    = isLink
	IsRegular = isRegular
)
