package stress_test

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// network is a loopback in memory. In a bubble of testing/synctest, time advances
// during a call of network, but not during a call of the system.
type network struct {
	down atomic.Bool

	mu    sync.Mutex
	hosts map[string]*host
}

// host is a listener of a network.
type host struct {
	address net.TCPAddr
	calls   chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (n *network) listen() (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := &host{
		address: net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1 + len(n.hosts)},
		calls:   make(chan net.Conn), closed: make(chan struct{}),
	}
	if n.hosts == nil {
		n.hosts = map[string]*host{}
	}
	n.hosts[h.address.String()] = h
	return h, nil
}

func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	h := n.hosts[address]
	n.mu.Unlock()
	if h == nil || n.down.Load() {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("%s: %w", address, syscall.ENETUNREACH)}
	}
	here, there := net.Pipe()
	select {
	case h.calls <- there:
		return here, nil
	case <-h.closed:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *host) Accept() (net.Conn, error) {
	select {
	case c := <-h.calls:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

func (h *host) Close() error {
	h.once.Do(func() { close(h.closed) })
	return nil
}

func (h *host) Addr() net.Addr { return &h.address }
