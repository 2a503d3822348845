package retry

import (
	"sync"

	"bookring/backend"
)

// Lasting follows the failures of repeated tasks, so that a lasting failure has one line in
// the log and not a line at each retry. The zero value has no failure.
type Lasting[K comparable] struct {
	mu   sync.Mutex
	last map[K]backend.Code
}

// Began reports a failure of a task with another code than the last result of the task
// had. A nil error ends the failure.
func (l *Lasting[K]) Began(task K, err error) bool {
	code := backend.CodeOf(err)
	l.mu.Lock()
	defer l.mu.Unlock()
	changed := code != l.last[task]
	if l.last == nil {
		l.last = map[K]backend.Code{}
	}
	l.last[task] = code
	return changed && err != nil
}

// Failing reports that the last result of a task was a failure.
func (l *Lasting[K]) Failing(task K) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last[task] != ""
}
