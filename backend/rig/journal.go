package rig

import (
	"bytes"
	"sync"
)

// Journal is a log in memory for several goroutines.
type Journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write appends lines to the log.
func (j *Journal) Write(lines []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(lines)
}

// String returns the whole log.
func (j *Journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
