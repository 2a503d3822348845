package oauth_test

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// refusedWithin fails unless the port refuses connections soon.
func refusedWithin(t *testing.T, port int, limit time.Duration) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < limit; {
		conn, err := dialer.DialContext(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return
		}
		_ = conn.Close()
	}
	t.Errorf("port %d is still open", port)
}

var dialer = net.Dialer{Timeout: 5 * time.Second}

var nextPort atomic.Int32

// freePorts returns free ports below the range for outgoing connections, because
// outgoing connections can occupy ports during a test.
func freePorts(t testing.TB, n int) (ports []int) {
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
