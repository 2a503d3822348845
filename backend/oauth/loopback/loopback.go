// Package loopback listens on the loopback addresses of one port (RFC 8252 section 7.3) and
// bounds the connections: slow and large requests of other programs must not exclude the
// browser.
package loopback

import (
	"container/list"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"bookring/backend"
)

// The limits for connections. A browser sends a request immediately; other
// programs may be slow.
const (
	readLimit     = 2 * time.Second
	maxUnfinished = 2000
	usualHead     = 16 << 10             // not counted for maxHeld
	maxHeld       = 16 << 20             // all longer unfinished heads together
	winsockDenied = syscall.Errno(10013) // WSAEACCES: a reserved port range
	winsockInUse  = syscall.Errno(10048) // WSAEADDRINUSE
	acceptPause   = time.Millisecond
)

// Serve answers a connection to a port. Serve must read the request from head and then
// call complete. The listener closes the connection after Serve.
type Serve func(port int, conn net.Conn, head io.Reader, complete func())

// Listener listens on both loopback addresses of one port, because localhost can resolve
// to either address. Make a Listener with [Listen].
type Listener struct {
	port      int
	listeners []net.Listener
	serve     Serve
	recovered func(do func())

	mu         sync.Mutex
	closed     bool
	unfinished *list.List // clients without a complete request, oldest first
	held       int        // the sum of the unfinished clients' held
	wait       sync.WaitGroup
}

// Listen listens at the hosts on the first free port and calls serve for each connection.
// Recovered calls a function and ends a panic of the function. Fails with PortsTaken.
func Listen(hosts []string, ports []int, serve Serve, recovered func(do func())) (*Listener, error) {
	var last error
	for _, port := range ports {
		listeners, err := bind(hosts, port)
		if err != nil {
			last = err
			continue
		}
		l := &Listener{port: port, listeners: listeners, serve: serve, recovered: recovered, unfinished: list.New()}
		for _, ln := range listeners {
			l.wait.Add(1)
			go recovered(func() { l.accept(ln) })
		}
		return l, nil
	}
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = strconv.Itoa(p)
	}
	return nil, backend.Fail(backend.PortsTaken, strings.Join(names, ", "), last)
}

// Port returns the port of the listener.
func (l *Listener) Port() int { return l.port }

// Wait returns after Close and the end of every connection.
func (l *Listener) Wait() { l.wait.Wait() }

// bind listens at every host on a port. bind skips an address family missing on this
// computer, and fails if another program uses either address.
func bind(hosts []string, port int) ([]net.Listener, error) {
	var listeners []net.Listener
	var missing error
	for _, host := range hosts {
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

// taken reports whether err means an occupied port, and not a missing address family.
func taken(err error) bool {
	return slices.ContainsFunc([]error{syscall.EADDRINUSE, syscall.EACCES, winsockInUse, winsockDenied},
		func(e error) bool { return errors.Is(err, e) })
}

func closeAll(listeners []net.Listener) {
	for _, ln := range listeners {
		_ = ln.Close()
	}
}

func (l *Listener) accept(ln net.Listener) {
	defer l.wait.Done()
	for {
		conn, err := ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // no free file descriptor; the browser is in the queue
			l.closeOldest()
			time.Sleep(acceptPause)
			continue
		}
		_ = conn.SetReadDeadline(time.Now().Add(readLimit))
		head, complete := l.track(conn)
		l.wait.Go(func() {
			defer conn.Close() //nolint:errcheck // the client may have gone
			defer complete()
			l.recovered(func() { l.serve(l.port, conn, head, complete) })
		})
	}
}

// client is a connection without a complete request. The fields change under the
// listener's lock.
type client struct {
	conn     net.Conn
	listener *Listener
	read     int           // bytes
	held     int           // bytes beyond usualHead
	place    *list.Element // in the listener's unfinished clients; nil if removed
}

// Read reads from the connection. If all long heads together exceed maxHeld, Read
// closes the oldest connections with a long head.
func (c *client) Read(b []byte) (int, error) {
	n, err := c.conn.Read(b)
	c.listener.hold(c, n)
	return n, err
}

func (l *Listener) hold(c *client, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.place == nil {
		return
	}
	c.read += n
	more := max(c.read-usualHead, 0) - c.held
	c.held, l.held = c.held+more, l.held+more
	for e := l.unfinished.Front(); e != nil && l.held > maxHeld; {
		oldest := e.Value.(*client) //nolint:errcheck // the list holds only clients
		if e = e.Next(); oldest.held > 0 {
			l.closeLocked(oldest)
		}
	}
}

// removeLocked removes a client from the unfinished clients.
func (l *Listener) removeLocked(c *client) {
	if c.place == nil {
		return
	}
	l.unfinished.Remove(c.place)
	l.held -= c.held
	c.place, c.held = nil, 0
}

func (l *Listener) closeLocked(c *client) {
	l.removeLocked(c)
	_ = c.conn.Close()
}

// track adds a connection to the unfinished clients; complete removes the client.
// If there are too many, track closes the oldest, because the browser is the newest
// and slow clients must not exclude the browser.
func (l *Listener) track(conn net.Conn) (head io.Reader, complete func()) {
	c := &client{conn: conn, listener: l}
	l.mu.Lock()
	c.place = l.unfinished.PushBack(c)
	crowded := l.unfinished.Len() > maxUnfinished
	if l.closed {
		_ = conn.Close()
	}
	l.mu.Unlock()
	if crowded {
		l.closeOldest()
	}
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.removeLocked(c)
	}
}

// closeOldest closes the oldest unfinished client's connection.
func (l *Listener) closeOldest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if oldest := l.unfinished.Front(); oldest != nil {
		l.closeLocked(oldest.Value.(*client)) //nolint:errcheck // the list holds only clients
	}
}

// Close closes the listener and the unfinished connections. Connections with a complete
// request still receive the answer. Close does not wait.
func (l *Listener) Close() {
	closeAll(l.listeners)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for e := l.unfinished.Front(); e != nil; e = e.Next() {
		_ = e.Value.(*client).conn.Close() //nolint:errcheck // the list holds only clients
	}
}
