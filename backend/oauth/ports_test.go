package oauth_test

import (
	"fmt"
	"net"
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
