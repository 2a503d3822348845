package oauth

import (
	"container/list"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"bookring/backend"
)

// DefaultPorts are the ports of the redirect addresses that a Xero app must
// list, in the order in which they are tried. Xero compares the port, so it
// cannot be any free one; these stay clear of the ranges that Windows reserves.
var DefaultPorts = []int{10742, 15742, 20742, 25742, 30742, 35742, 40742, 45742}

// RedirectURI returns the redirect address for a port. Xero accepts the name
// localhost only, not 127.0.0.1.
func RedirectURI(port int) string {
	return fmt.Sprintf("http://localhost:%d%s", port, callbackPath)
}

// The limits of one connection, and of all. A browser sends its request at
// once; what does not is not a browser.
const (
	readLimit      = 2 * time.Second
	writeLimit     = 3 * time.Second
	maxHeader      = 16 << 10
	maxUnfinished  = 2000
	winsockDenied  = syscall.Errno(10013) // WSAEACCES: a reserved port range
	winsockInUse   = syscall.Errno(10048) // WSAEADDRINUSE
	acceptPause    = time.Millisecond
	drainLimit     = 300 * time.Millisecond
	drainLimitSize = 64 << 10
)

// loopback is a listener on both loopback addresses of one port (RFC 8252
// section 7.3). The browser may turn localhost into either.
type loopback struct {
	port      int
	listeners []net.Listener
	serve     func(conn net.Conn, complete func())

	mu         sync.Mutex
	closed     bool
	unfinished *list.List // connections whose request is not complete, oldest first
	wait       sync.WaitGroup
}

// listen opens the first of the ports that no other program holds. It calls
// serve for each connection, which calls complete once it has read a request.
// Fails with PortsTaken.
func listen(ports []int, serve func(port int, conn net.Conn, complete func())) (*loopback, error) {
	var last error
	for _, port := range ports {
		listeners, err := bind(port)
		if err != nil {
			last = err
			continue
		}
		l := &loopback{port: port, listeners: listeners, unfinished: list.New()}
		l.serve = func(conn net.Conn, complete func()) { serve(port, conn, complete) }
		for _, ln := range listeners {
			l.wait.Add(1)
			go l.accept(ln)
		}
		return l, nil
	}
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = strconv.Itoa(p)
	}
	return nil, backend.Fail(backend.PortsTaken, strings.Join(names, ", "), last)
}

// loopbackHosts are where the browser may find localhost.
var loopbackHosts = []string{"127.0.0.1", "::1"}

// bind listens on both loopback addresses. A family this computer does not have is
// left out; a stranger on either of them spoils the port.
func bind(port int) ([]net.Listener, error) {
	var listeners []net.Listener
	var missing error
	for _, host := range loopbackHosts {
		ln, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port))) //nolint:noctx // binding loopback does not wait
		if err == nil {
			listeners = append(listeners, ln)
			continue
		}
		missing = err
		if taken(err) {
			closeAll(listeners)
			return nil, fmt.Errorf("listen: %w", err)
		}
	}
	if len(listeners) == 0 {
		return nil, fmt.Errorf("listen: %w", missing)
	}
	return listeners, nil
}

// taken tells a port that somebody holds from an address family that is not there.
func taken(err error) bool {
	for _, e := range []error{syscall.EADDRINUSE, syscall.EACCES, winsockInUse, winsockDenied} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func closeAll(listeners []net.Listener) {
	for _, ln := range listeners {
		_ = ln.Close()
	}
}

func (l *loopback) accept(ln net.Listener) {
	defer l.wait.Done()
	for {
		conn, err := ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // out of descriptors: the browser is in the queue
			l.cutOldest()
			time.Sleep(acceptPause)
			continue
		}
		_ = conn.SetReadDeadline(now().Add(readLimit))
		complete := l.track(conn)
		l.wait.Go(func() {
			defer conn.Close() //nolint:errcheck // an answer that was not taken is not missed
			defer complete()
			l.serve(conn, complete)
		})
	}
}

// track counts a connection among the unfinished, until the function it
// returns is called. When there are too many, the oldest goes: a slow client
// must not keep the browser out, and the browser is the newest.
func (l *loopback) track(conn net.Conn) (complete func()) {
	l.mu.Lock()
	e := l.unfinished.PushBack(conn)
	crowded := l.unfinished.Len() > maxUnfinished
	if l.closed {
		_ = conn.Close()
	}
	l.mu.Unlock()
	if crowded {
		l.cutOldest()
	}
	return sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.unfinished.Remove(e)
	})
}

// cutOldest closes the connection whose request has been unfinished for longest.
func (l *loopback) cutOldest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if oldest := l.unfinished.Front(); oldest != nil {
		_ = l.unfinished.Remove(oldest).(net.Conn).Close() //nolint:errcheck // only connections are in it
	}
}

// close stops listening at once, cuts the connections that have not asked
// anything, and lets the others take their answer. It does not wait.
func (l *loopback) close() {
	closeAll(l.listeners)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for e := l.unfinished.Front(); e != nil; e = e.Next() {
		_ = e.Value.(net.Conn).Close() //nolint:errcheck // only connections are in it
	}
}
