package rig

import (
	"bytes"
	"context"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

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

var nextPort atomic.Int32

// FreePorts returns n free ports of the loopback interface below the range for outgoing
// connections. An outgoing connection of another test can occupy a port of the range.
func FreePorts(t testing.TB, n int) (ports []int) {
	t.Helper()
	for range 10_000 {
		port := 12_000 + (os.Getpid()*97+int(nextPort.Add(1)))%18_000
		if !free("127.0.0.1", port) || !free("::1", port) {
			continue
		}
		if ports = append(ports, port); len(ports) == n {
			return ports
		}
	}
	t.Fatal("no free ports")
	return nil
}

func free(host string, port int) bool {
	ln, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port))) //nolint:noctx // binding loopback does not wait
	if err != nil {
		return false
	}
	return ln.Close() == nil
}

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

// Rounds returns the number of rounds of a test: few, or the number in the environment
// variable BOOKRING_STRESS.
func Rounds(t testing.TB, few int) int {
	t.Helper()
	s := os.Getenv("BOOKRING_STRESS")
	if s == "" {
		return few
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
