package oauth_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestHalfOpenClientsDoNotExcludeTheBrowser(t *testing.T) {
	for _, clients := range []int{1_000, 2_500} {
		t.Run(strconv.Itoa(clients), func(t *testing.T) {
			w := wait(t)
			for range clients {
				conn, err := connect(w.port)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close() //nolint:errcheck // the connection sends no request
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

func TestTheOldestUnfinishedConnectionIsClosed(t *testing.T) {
	s := alone(t)
	port := portOf(t, s.begin())
	var first net.Conn
	for range 2_001 {
		conn, err := connect(port)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // the connection sends no request
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

func TestASlowClientIsDisconnectedAfterTwoSeconds(t *testing.T) {
	s := alone(t)
	port := portOf(t, s.begin())
	conn, err := connect(port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the listener closed the connection
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
	raw, _ := io.ReadAll(conn) // a reset counts as the end
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
	head := strings.TrimSuffix(request(port, "/"), "\r\n")
	long := strings.Repeat("x", 257<<10)
	for name, raw := range map[string]string{
		"one long header":     head + "X: " + long + "\r\n\r\n",
		"a long folded one":   head + "X: y\r\n" + strings.Repeat(" y\r\n", 66<<10) + "\r\n",
		"many headers":        head + strings.Repeat("X: y\r\n", 4<<10) + "\r\n",
		"a long line":         "GET /" + strings.Repeat("x", 20<<10) + " HTTP/1.1\r\n\r\n",
		"no end of a line":    strings.Repeat("x", 20<<10),
		"megabytes of body":   strings.Replace(request(port, "/callback"), "GET", "POST", 1) + strings.Repeat("x", 4<<20),
		"megabytes of header": head + "X: " + strings.Repeat("x", 4<<20) + "\r\n\r\n",
		"no end of a header":  "GET / HTTP/1.1\r\nX: " + long,
	} {
		got, err := ask(port, raw)
		want := http.StatusRequestHeaderFieldsTooLarge
		switch name {
		case "a long line", "no end of a line":
			want = http.StatusBadRequest
		case "megabytes of body":
			want = http.StatusMethodNotAllowed
		}
		if strings.HasPrefix(name, "megabytes") && err != nil { // the listener may close before the end of the request
			continue
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
		got, err := ask(w.port, first+second) // a second answer would change the length
		if err != nil || got.status < http.StatusBadRequest {
			t.Errorf("%q: %d, %v", first, got.status, err)
		}
	}
	w.finishes()
}
