package desktop

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"bookring/backend/desktop/datafolder"
)

const (
	maxLogFile = 1 << 20
	maxLogs    = 5 << 20
	maxLogAge  = 7 * 24 * time.Hour
)

// logFile writes to bookring.log; earlier files are bookring-TIME.log. logFile
// changes files between two writes, and therefore needs no goroutine.
type logFile struct {
	folder string

	mu     sync.Mutex
	file   *os.File
	size   int64
	day    string
	closed bool
}

func openLogFile(folder string) (*logFile, error) {
	l := &logFile{folder: folder}
	if info, err := os.Lstat(l.path()); err == nil && info.Mode().IsRegular() && (info.Size() >= maxLogFile || day(info.ModTime()) != day(time.Now())) {
		l.renameCurrent()
	}
	return l, l.begin()
}

// Write appends a line. A new day or a full file begins a new file.
func (l *logFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, os.ErrClosed
	}
	if l.day != day(time.Now()) || l.size+int64(len(line)) > maxLogFile {
		_ = l.file.Close() // Windows renames no open file
		l.renameCurrent()
		if err := l.begin(); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(line)
	l.size += int64(n)
	return n, err
}

// Close ends the log.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return l.file.Close()
}

func (l *logFile) path() string { return filepath.Join(l.folder, datafolder.CurrentLog) }

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// renameCurrent gives bookring.log the name of an earlier file. After a failed
// rename the log continues in the same file.
func (l *logFile) renameCurrent() {
	_ = os.Rename(l.path(), filepath.Join(l.folder, earlierName(time.Now())))
}

func earlierName(t time.Time) string { return t.UTC().Format("bookring-20060102T150405.000000.log") }

// begin opens bookring.log, never through a link.
func (l *logFile) begin() error {
	l.prune()
	if err := datafolder.Free(l.path()); err != nil {
		return err
	}
	file, err := os.OpenFile(l.path(), os.O_CREATE|os.O_WRONLY|os.O_APPEND|datafolder.WithoutLinks, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		err = file.Chmod(0o600) // an existing file may have another mode
	}
	if err != nil {
		_ = file.Close()
		return err
	}
	l.file, l.size, l.day = file, info.Size(), day(time.Now())
	return nil
}

// prune deletes earlier files beyond the limits of age and total size, the oldest
// first. A time in the future counts as the oldest: the clock was wrong.
func (l *logFile) prune() {
	old := datafolder.Files(l.folder, datafolder.EarlierLog)
	newest := earlierName(time.Now())
	slices.SortStableFunc(old, func(a, b string) int {
		inFuture := func(path string) int { return cmp.Compare(filepath.Base(path), newest) }
		return cmp.Compare(max(inFuture(b), 0), max(inFuture(a), 0))
	})
	room := int64(maxLogs - maxLogFile)
	for _, path := range slices.Backward(old) {
		info, err := os.Lstat(path)
		if err != nil {
			continue
		}
		room -= info.Size()
		if room < 0 || time.Since(info.ModTime()) > maxLogAge {
			_ = os.Remove(path)
		}
	}
}
