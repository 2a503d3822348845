package desktop

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	maxLogFile = 1 << 20
	maxLogs    = 5 << 20
	maxLogAge  = 7 * 24 * time.Hour
)

// logFile is the file that is written now, bookring.log; older ones are
// bookring-TIME.log. It changes files between two writes and so needs no
// goroutine.
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
	if info, err := os.Stat(l.path()); err == nil && (info.Size() >= maxLogFile || day(info.ModTime()) != day(time.Now())) {
		l.setAside()
	}
	return l, l.begin()
}

// Write appends a line, to a new file if the day is over or the file is full.
func (l *logFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, os.ErrClosed // and no new file
	}
	if l.day != day(time.Now()) || l.size+int64(len(line)) > maxLogFile {
		_ = l.file.Close() // Windows renames no open file
		l.setAside()
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

func (l *logFile) path() string { return filepath.Join(l.folder, "bookring.log") }

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// setAside gives the written file its last name. Where that does not work, the
// log goes on in the file it has.
func (l *logFile) setAside() {
	_ = os.Rename(l.path(), filepath.Join(l.folder, "bookring-"+time.Now().UTC().Format("20060102T150405.000000")+".log"))
}

func (l *logFile) begin() error {
	l.prune()
	file, err := os.OpenFile(l.path(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		err = file.Chmod(0o600) // it may be there already, with another mode
	}
	if err != nil {
		_ = file.Close()
		return err
	}
	l.file, l.size, l.day = file, info.Size(), day(time.Now())
	return nil
}

// prune deletes old files, the oldest first, until the rest is young and small
// enough to leave room for the one that is written.
func (l *logFile) prune() {
	old, err := filepath.Glob(filepath.Join(l.folder, "bookring-*.log"))
	if err != nil {
		return
	}
	slices.Sort(old)
	room := int64(maxLogs - maxLogFile)
	for _, path := range slices.Backward(old) {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		room -= info.Size()
		if room < 0 || time.Since(info.ModTime()) > maxLogAge {
			_ = os.Remove(path)
		}
	}
}
