package rig

import (
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
)

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
