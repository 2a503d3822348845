package rig

import (
	"context"
	"sync"

	"bookring/backend"
)

// Locks are the sign-in locks of one user of a computer: at most one program holds the lock of
// a sign-in. A waiting call lets the time of a testing/synctest bubble advance.
type Locks struct {
	mu   sync.Mutex
	held map[backend.SignInKey]chan struct{}
}

// Lock waits for the lock of a sign-in. Lock fails with Cancelled when ctx ends first.
func (l *Locks) Lock(ctx context.Context, key backend.SignInKey) (unlock func(), err error) {
	l.mu.Lock()
	if l.held == nil {
		l.held = map[backend.SignInKey]chan struct{}{}
	}
	if l.held[key] == nil {
		l.held[key] = make(chan struct{}, 1)
	}
	held := l.held[key]
	l.mu.Unlock()
	select {
	case held <- struct{}{}:
		return func() { <-held }, nil
	case <-ctx.Done():
		return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
	}
}
