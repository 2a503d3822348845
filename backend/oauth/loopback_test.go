package oauth_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

func TestTheListenerIsOnLoopbackOnly(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	s := alone(t)
	port := portOf(t, s.begin())
	got := listening(t, port)
	want := []string{"00000000000000000000000001000000", "0100007F"} // ::1 and 127.0.0.1 in the format of /proc/net
	if !slices.Equal(got, want) {
		t.Errorf("listens on %v", got)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		ip, ok := a.(*net.IPNet)
		if !ok || ip.IP.IsLoopback() || ip.IP.IsLinkLocalUnicast() {
			continue
		}
		if conn, err := dialer.DialContext(t.Context(), "tcp", net.JoinHostPort(ip.IP.String(), strconv.Itoa(port))); err == nil {
			_ = conn.Close()
			t.Errorf("answers on %v", ip)
		}
	}
}

// listening returns the addresses of the sockets listening on a port.
func listening(t *testing.T, port int) (addresses []string) {
	t.Helper()
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		table, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(table)) {
			fields := strings.Fields(line)
			address, p, _ := strings.Cut(fields[1], ":")
			const listen = "0A"
			if n, err := strconv.ParseInt(p, 16, 32); err == nil && int(n) == port && fields[3] == listen {
				addresses = append(addresses, address)
			}
		}
	}
	slices.Sort(addresses)
	return addresses
}

func TestBothAddressFamiliesAnswer(t *testing.T) {
	const missing = "192.0.2.1" // not an address of this computer, like [::1] without IPv6
	for name, c := range map[string]struct {
		hosts   []string
		answers map[string]bool
	}{
		"both":      {[]string{"127.0.0.1", "::1"}, map[string]bool{"127.0.0.1": true, "::1": true}},
		"IPv4 only": {[]string{"127.0.0.1", missing}, map[string]bool{"127.0.0.1": true, "::1": false}},
		"IPv6 only": {[]string{missing, "::1"}, map[string]bool{"127.0.0.1": false, "::1": true}},
	} {
		t.Run(name, func(t *testing.T) {
			oauth.LoopbackHosts(t, c.hosts...)
			s := alone(t)
			port := portOf(t, s.begin())
			for host, want := range c.answers {
				conn, err := dialer.DialContext(t.Context(), "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
				if (err == nil) != want {
					t.Errorf("%s: %v", host, err)
				}
				if err != nil {
					continue
				}
				if _, err := io.WriteString(conn, request(port, "/")); err != nil {
					t.Error(err)
				}
				if got, err := hear(conn); err != nil || got.status != http.StatusNotFound {
					t.Errorf("%s: %d, %v", host, got.status, err)
				}
				_ = conn.Close()
			}
		})
	}
	t.Run("neither", func(t *testing.T) {
		oauth.LoopbackHosts(t, missing)
		s := alone(t)
		_, err := s.flow.Begin(t.Context(), simxero.DemoClientID)
		fails(t, err, backend.PortsTaken, list(s.ports))
	})
}

func TestAnotherProgramOnEitherAddressOccupiesThePort(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", "0.0.0.0", "::"} {
		t.Run(host, func(t *testing.T) {
			s := alone(t)
			occupy(t, host, s.ports[0])
			if port := portOf(t, s.begin()); port != s.ports[1] {
				t.Errorf("listens on %d of %v", port, s.ports)
			}
		})
	}
}

func TestTheFirstFreePortIsUsed(t *testing.T) {
	ports := rig.FreePorts(t, 8)
	for subset := range 1 << len(ports) {
		t.Run(fmt.Sprintf("%08b", subset), func(t *testing.T) {
			want := 0
			for i, port := range ports {
				if subset>>i&1 == 1 {
					occupy(t, []string{"127.0.0.1", "::1"}[(subset+i)%2], port)
				} else if want == 0 {
					want = port
				}
			}
			s := alone(t)
			s.flow.Ports = ports
			a, err := s.flow.Begin(t.Context(), simxero.DemoClientID)
			if want == 0 {
				fails(t, err, backend.PortsTaken, list(ports))
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := portOf(t, a); got != want {
				t.Errorf("listens on %d, %d was free", got, want)
			}
		})
	}
}

func list(ports []int) string {
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = strconv.Itoa(p)
	}
	return strings.Join(names, ", ")
}
