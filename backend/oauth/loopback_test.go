package oauth_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	s := alone(t)
	port := portOf(t, s.begin())
	got := listening(t, port)
	want := []string{"00000000000000000000000001000000", "0100007F"} // ::1 and 127.0.0.1, as the kernel writes them
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

// listening returns the addresses of the sockets that listen on a port.
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
	const missing = "192.0.2.1" // not of this computer, as [::1] is not where IPv6 is off
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

func TestAStrangerOnEitherFamilySpoilsThePort(t *testing.T) {
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

func TestTheFirstFreePortIsTaken(t *testing.T) {
	ports := freePorts(t, 8)
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

func TestHalfOpenClientsDoNotKeepTheBrowserOut(t *testing.T) {
	for _, clients := range []int{1_000, 2_500} {
		t.Run(strconv.Itoa(clients), func(t *testing.T) {
			w := wait(t)
			for range clients {
				conn, err := connect(w.port)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close() //nolint:errcheck // it asks nothing
				if _, err := io.WriteString(conn, "GET /callback?state="); err != nil && clients <= 2_000 {
					t.Fatal(err)
				}
			}
			begun := time.Now()
			w.finishes()
			took := time.Since(begun)
			t.Logf("served in %v", took)
			if took > time.Second {
				t.Errorf("the true callback took %v", took)
			}
		})
	}
}

func TestTheOldestUnfinishedClientMakesRoom(t *testing.T) {
	s := alone(t)
	port := portOf(t, s.begin())
	var first net.Conn
	for range 2_001 {
		conn, err := connect(port)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // it asks nothing
		if first == nil {
			first = conn
		}
	}
	begun := time.Now()
	if _, err := io.ReadAll(first); errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begun) > time.Second {
		t.Errorf("the oldest was held for %v: %v", time.Since(begun), err)
	}
	if got := s.get(port, "/"); got.status != http.StatusNotFound {
		t.Errorf("the newest is answered %d", got.status)
	}
}

func TestASlowClientIsCutAfterTwoSeconds(t *testing.T) {
	s := alone(t)
	port := portOf(t, s.begin())
	conn, err := connect(port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // it was cut
	begun := time.Now()
	var drip sync.WaitGroup
	cut := make(chan struct{})
	drip.Go(func() {
		second := time.NewTicker(time.Second)
		defer second.Stop()
		for _, b := range []byte(request(port, "/callback")) {
			if _, err := conn.Write([]byte{b}); err != nil {
				return
			}
			select {
			case <-second.C:
			case <-cut:
				return
			}
		}
	})
	raw, _ := io.ReadAll(conn) // a reset is as good as an end
	close(cut)
	drip.Wait()
	if took := time.Since(begun); took < 1900*time.Millisecond || took > 2800*time.Millisecond {
		t.Errorf("cut after %v", took)
	}
	if got, err := parse(string(raw)); len(raw) != 0 && (err != nil || got.status != http.StatusBadRequest) {
		t.Errorf("got %d, %v", got.status, err)
	}
}

func TestHeadersHaveALimit(t *testing.T) {
	s := alone(t)
	port := portOf(t, s.begin())
	for name, raw := range map[string]string{
		"one long header":    request(port, "/")[:len(request(port, "/"))-2] + "X: " + strings.Repeat("x", 17<<10) + "\r\n\r\n",
		"many headers":       request(port, "/")[:len(request(port, "/"))-2] + strings.Repeat("X: y\r\n", 4<<10) + "\r\n",
		"a long line":        "GET /" + strings.Repeat("x", 20<<10) + " HTTP/1.1\r\n\r\n",
		"megabytes of body":  strings.Replace(request(port, "/callback"), "GET", "POST", 1) + strings.Repeat("x", 4<<20),
		"no end of a header": "GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 20<<10),
	} {
		got, err := ask(port, raw)
		want := http.StatusBadRequest
		if name == "megabytes of body" {
			want = http.StatusMethodNotAllowed
			if err != nil { // the sender may be cut before it has sent it all
				continue
			}
		}
		if err != nil || got.status != want {
			t.Errorf("%s: %d, %v", name, got.status, err)
		}
	}
}

func TestAConnectionCarriesOneRequest(t *testing.T) {
	w := wait(t)
	second := request(w.port, strings.TrimPrefix(w.callback, fmt.Sprintf("http://localhost:%d", w.port)))
	for _, first := range []string{
		request(w.port, "/"),
		strings.Replace(request(w.port, "/callback"), "GET", "POST", 1),
		strings.Replace(request(w.port, "/"), "\r\n\r\n", "\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 1),
		strings.Replace(request(w.port, "/"), "\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n0\r\n\r\n", 1),
		"GET / HTTP/1.0\r\n\r\n",
	} {
		got, err := ask(w.port, first+second) // one answer, or its length would be wrong
		if err != nil || got.status < http.StatusBadRequest {
			t.Errorf("%q: %d, %v", first, got.status, err)
		}
	}
	w.finishes()
}
