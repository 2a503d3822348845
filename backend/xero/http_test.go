package xero_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/xero"
)

func TestTheClientHasALimitForEveryWait(t *testing.T) {
	c := xero.NewHTTPClient()
	tr := wires(t, c)
	if c.Timeout != 30*time.Second || tr.ResponseHeaderTimeout != 20*time.Second || tr.TLSHandshakeTimeout != 10*time.Second {
		t.Errorf("whole %v, first byte %v, TLS %v", c.Timeout, tr.ResponseHeaderTimeout, tr.TLSHandshakeTimeout)
	}
	if c.Jar != nil || tr.TLSClientConfig.InsecureSkipVerify || tr.TLSClientConfig.RootCAs != nil {
		t.Error("keeps cookies, or does not trust what the system trusts")
	}
}

func TestTheClientAcceptsOnlyXerosCertificate(t *testing.T) {
	ca := newAuthority(t)
	self := newAuthority(t)
	now := time.Now()
	good := ca.issue(t, "api.xero.com", now.Add(-time.Hour), now.Add(time.Hour))
	cases := []struct {
		name    string
		cert    tls.Certificate
		version uint16       // the highest version of the server
		want    backend.Code // empty: success
	}{
		{"an authority that the system trusts, such as a company's", good, tls.VersionTLS13, ""},
		{"TLS 1.2", good, tls.VersionTLS12, ""},
		{"TLS 1.1", good, tls.VersionTLS11, backend.Offline},
		{"TLS 1.0", good, tls.VersionTLS10, backend.Offline},
		{"self-signed", self.issue(t, "api.xero.com", now.Add(-time.Hour), now.Add(time.Hour)), tls.VersionTLS13, backend.ForeignCertificate},
		{"another host's", ca.issue(t, "portal.hotel.example", now.Add(-time.Hour), now.Add(time.Hour)), tls.VersionTLS13, backend.NetworkSignIn},
		{"expired", ca.issue(t, "api.xero.com", now.Add(-2*time.Hour), now.Add(-time.Hour)), tls.VersionTLS13, backend.ClockWrong},
		{"not valid yet", ca.issue(t, "api.xero.com", now.Add(time.Hour), now.Add(2*time.Hour)), tls.VersionTLS13, backend.ClockWrong},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var requests atomic.Int32
			config := &tls.Config{Certificates: []tls.Certificate{c.cert}, MinVersion: tls.VersionTLS10, MaxVersion: c.version}
			server := tlsServer(t, config, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if r.ProtoMajor != 1 {
					t.Errorf("spoken to in %s", r.Proto)
				}
				body("application/json", "[]")(w, r)
			})
			_, err := through(t, ca, tunnel(t, server.Listener.Addr().String())).Connections(t.Context(), token)
			if c.want == "" {
				if err != nil || requests.Load() != 1 {
					t.Errorf("%d requests, %v", requests.Load(), err)
				}
				return
			}
			fails(t, c.want, err)
			if requests.Load() != 0 {
				t.Error("the token was sent")
			}
		})
	}
}

func TestAProxysRefusalHasACode(t *testing.T) {
	cases := []struct {
		name, answer, inTunnel string
		want                   backend.Code
	}{
		{"wants a password", "HTTP/1.1 407 " + canary + "\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", "", backend.ProxyPassword},
		{"denies", "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", "", backend.RefusedOnTheWay},
		{"sends to its own page", "HTTP/1.1 302 Found\r\nLocation: http://portal.hotel.example/\r\nContent-Length: 0\r\n\r\n", "", backend.NetworkSignIn},
		{"answers HTML in the tunnel", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>" + canary, backend.NetworkSignIn},
		{"reaches no server", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "", backend.Offline},
		{"speaks something else", canary + "\r\n\r\n", "", backend.XeroUnreadable},
		{"hangs up", "", "", backend.XeroUnreadable},
		{"hangs up in the tunnel", "HTTP/1.1 200 OK\r\n\r\n", "", backend.XeroUnreadable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			proxy := listen(t, func(conn net.Conn) {
				_, _ = http.ReadRequest(bufio.NewReader(conn))
				_, _ = io.WriteString(conn, c.answer)
				if c.inTunnel != "" {
					_, _ = conn.Read(make([]byte, 1)) // the client's hello
					_, _ = io.WriteString(conn, c.inTunnel)
				}
			})
			client := through(t, newAuthority(t), proxy)
			for _, call := range calls(client) {
				fails(t, c.want, call(t.Context()))
			}
		})
	}
}

func TestAnUnreachableProxyIsOffline(t *testing.T) {
	client := through(t, newAuthority(t), "127.0.0.1:1")
	for _, call := range calls(client) {
		fails(t, backend.Offline, call(t.Context()))
	}
}

// net/http reads the environment once, so the test runs in a separate process.
func TestTheProxyOfTheEnvironmentIsUsedButNotForLoopback(t *testing.T) {
	if local := os.Getenv("BOOKRING_TEST_LOCAL"); local != "" {
		for _, base := range []string{xero.Address, local} {
			_, err := (&xero.Client{Base: base, HTTP: xero.NewHTTPClient()}).Connections(t.Context(), token)
			fmt.Println("said:", backend.AsFailure(err))
		}
		return
	}
	asked := make(chan string, 9)
	proxy := listen(t, func(conn net.Conn) {
		if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			asked <- r.Method + " " + r.Host
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
	})
	local := httptest.NewServer(body("application/json", "null"))
	t.Cleanup(local.Close)
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), "BOOKRING_TEST_LOCAL="+local.URL, "NO_PROXY=", "no_proxy=",
		"HTTPS_PROXY=http://"+proxy, "https_proxy=http://"+proxy, "HTTP_PROXY=http://"+proxy, "http_proxy=http://"+proxy)
	said, err := again.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if n := strings.Count(string(said), "said: proxy-password: proxy answered 407"); n != 1 || !strings.Contains(string(said), "said: xero-unreadable") {
		t.Errorf("said %s", said)
	}
	if got := <-asked; got != "CONNECT api.xero.com:443" || len(asked) != 0 {
		t.Errorf("the proxy was asked for %q and %d more", got, len(asked))
	}
}

func wires(t *testing.T, c *http.Client) *http.Transport {
	t.Helper()
	tr, ok := c.Transport.(*http.Transport)
	if !ok {
		t.Fatalf("transport is a %T", c.Transport)
	}
	return tr
}

// through returns a client that calls Xero's address through a proxy and trusts one
// authority. A test can replace api.xero.com without a name server.
func through(t *testing.T, trusted authority, proxy string) *xero.Client {
	t.Helper()
	c := xero.NewHTTPClient()
	tr := wires(t, c)
	tr.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: proxy})
	tr.TLSClientConfig.RootCAs = x509.NewCertPool()
	tr.TLSClientConfig.RootCAs.AddCert(trusted.cert)
	t.Cleanup(c.CloseIdleConnections)
	return &xero.Client{Base: xero.Address, HTTP: c}
}

func tlsServer(t *testing.T, config *tls.Config, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(answer)
	server.TLS = config
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// tunnel is a working proxy that connects every request to address.
func tunnel(t *testing.T, address string) string {
	return listen(t, func(conn net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			return
		}
		server, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			return
		}
		defer func() { _ = server.Close() }()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(server, conn); _ = server.Close() }()
		_, _ = io.Copy(conn, server)
	})
}

// listen serves every connection to a new port until the test ends.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				serve(conn)
				// Closing a connection with unread data would reset the
				// connection and could lose the answer.
				if tcp, ok := conn.(*net.TCPConn); ok {
					_ = tcp.CloseWrite()
				}
				_, _ = io.Copy(io.Discard, conn)
			}()
		}
	}()
	return l.Addr().String()
}
