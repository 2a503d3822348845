package datafolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Replace writes a file atomically: a reader always finds the complete old or the
// complete new content. A failure leaves the old file unchanged.
func Replace(path string, content []byte) error {
	return replace(path, content, temporaryFile)
}

// replace is Replace with a pattern for the temporary file's name.
func replace(path string, content []byte, pattern string) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(path), pattern)
	if err != nil {
		return fmt.Errorf("create temporary file: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name()) // a leftover temporary file is harmless
		}
	}()
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return fmt.Errorf("write temporary file: %w", err)
	}
	err = patiently(func() error { return os.Rename(temporary.Name(), path) })
	if err != nil {
		return fmt.Errorf("rename temporary file: %w", err)
	}
	return nil
}

const (
	scannerTries = 20
	scannerPause = 50 * time.Millisecond
)

// patiently repeats an operation on a file for a second while a virus scanner or an
// indexer holds the file open, as on Windows.
func patiently(do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if !heldByScanner(err) || try == scannerTries {
			return err
		}
		time.Sleep(scannerPause)
	}
}

// isFull reports whether an error is a full disk or an exhausted quota.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || isFullHere(err)
}

// IsReadOnly reports whether a folder is readable and certainly not writable.
func IsReadOnly(folder string) bool {
	if _, err := os.ReadDir(folder); err != nil {
		return false
	}
	f, err := os.CreateTemp(folder, temporaryFile)
	if err != nil {
		return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	return false
}
