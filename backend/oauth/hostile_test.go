package oauth_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend/oauth"
)

// hostileRequest is a request with an expected status other than the status of the
// true callback.
type hostileRequest struct {
	name, raw string
	status    int
}

// corpus returns the named attacks on a waiting attempt.
func (w waiting) corpus() (all []hostileRequest) {
	host := fmt.Sprintf("localhost:%d", w.port)
	true_ := strings.TrimPrefix(w.callback, "http://"+host)
	query := strings.TrimPrefix(true_, "/callback")
	add := func(status int, name, method, target, header string) {
		all = append(all, hostileRequest{name, method + " " + target + " HTTP/1.1\r\n" + header + "\r\n", status})
	}
	good := "Host: " + host + "\r\n"
	for _, path := range []string{
		"/", "//callback", "/callback/", "/%63allback", "/x/../callback", "/./callback", "/Callback", "/callback%00", "/callback%2f",
		"/favicon.ico", "/callback;x=y", "\\callback", "/callback.html", "*", "callback", "/done", "/again", "%2fcallback",
	} {
		add(http.StatusNotFound, "path "+path, "GET", path+query, good)
	}
	for _, path := range []string{"/done/", "/done/x", "/done/" + w.state, "/done/" + w.code} {
		add(http.StatusNotFound, "page "+path, "GET", path, good)
	}
	for _, path := range []string{"/again/", "/again/x", "/again/" + w.state, "/again/" + w.code} {
		add(http.StatusGone, "link "+path, "GET", path, good)
	}
	for _, method := range []string{"HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "GETT", "G\tET"} {
		add(http.StatusMethodNotAllowed, "method "+method, method, true_, good)
	}
	for _, other := range []string{
		"", "localhost", "localhost:", "localhost.:" + host[10:], host + ".", "evil.example", "evil.example:" + host[10:], "127.0.0.1:" + host[10:],
		"[::1]:" + host[10:], "LOCALHOST:" + host[10:], host + "@evil.example", "evil.example@" + host, host + "0", host + ", " + host, "0.0.0.0:" + host[10:],
	} {
		add(http.StatusMisdirectedRequest, "host "+other, "GET", true_, "Host: "+other+"\r\n")
		if !strings.Contains(other, " ") {
			add(http.StatusMisdirectedRequest, "absolute host "+other, "GET", "http://"+other+true_, good)
		}
	}
	add(http.StatusMisdirectedRequest, "no host", "GET", true_, "")
	add(http.StatusMisdirectedRequest, "two hosts", "GET", true_, good+good)
	add(http.StatusMisdirectedRequest, "a folded host", "GET", true_, "Host: localhost\r\n :"+host[10:]+"\r\n")
	add(http.StatusMisdirectedRequest, "https target", "GET", "https://"+host+true_, good)
	add(http.StatusMisdirectedRequest, "a host of its own", "GET", "http://evil.example"+true_, "Host: evil.example\r\n")
	for _, header := range []string{
		"Sec-Fetch-Mode: no-cors", "Sec-Fetch-Mode: cors", "Sec-Fetch-Mode: websocket", "Sec-Fetch-Mode: same-origin", "Sec-Fetch-Mode:", "Sec-Fetch-Mode: Navigate",
		"Sec-Fetch-Dest: image", "Sec-Fetch-Dest: empty", "Sec-Fetch-Dest: iframe", "Sec-Fetch-Dest: frame", "Sec-Fetch-Dest: embed", "Sec-Fetch-Dest: object",
		"Sec-Fetch-Dest: script", "Sec-Fetch-Dest: worker", "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe",
		"Sec-Fetch-Mode: navigate\r\nSec-Fetch-Mode: navigate", "Sec-Purpose: prefetch", "Sec-Purpose: prefetch;prerender", "Purpose: prefetch",
	} {
		add(http.StatusForbidden, header, "GET", true_, good+header+"\r\n")
	}
	for _, raw := range []string{
		"\r\n\r\n", "GET\r\n\r\n", "GET /callback\r\n\r\n", "GET  " + true_ + " HTTP/1.1\r\n" + good + "\r\n", "GET " + true_ + " HTTP/1.1 \r\n" + good + "\r\n",
		"GET " + true_ + " HTTP/2.0\r\n" + good + "\r\n", "GET " + true_ + " HTTP/0.9\r\n\r\n", "GET " + true_ + " http/1.1\r\n" + good + "\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET " + true_ + " HTTP/1.1\r\nHost\r\n\r\n", "GET " + true_ + " HTTP/1.1\r\n : x\r\n" + good + "\r\n",
		"GET " + true_ + " HTTP/1.1\r\n" + good + "X Y: z\r\n\r\n", "GET " + true_ + " HTTP/1.1\r\n" + good + ": z\r\n\r\n",
		"GET " + true_ + " HTTP/1.1\r\nHost : " + host + "\r\n\r\n", "GET /call back HTTP/1.1\r\n" + good + "\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "GET " + true_ + "\x00 HTTP/1.1\r\n" + good + "X: \x00\r\n\r\n",
		"GET " + true_ + " HTTP/1.1\r\n folded: " + strings.Repeat("x", 100) + "\r\n" + good + "\r\n", // textproto has a separate error for folded headers
		strings.Repeat("A", 20<<10),
	} {
		all = append(all, hostileRequest{fmt.Sprintf("%.60q", raw), raw, http.StatusBadRequest})
	}
	add(http.StatusRequestHeaderFieldsTooLarge, "a long header", "GET", true_, good+"X: "+strings.Repeat("x", 257<<10)+"\r\n")
	add(http.StatusRequestHeaderFieldsTooLarge, "many headers", "GET", true_, good+strings.Repeat("X: y\r\n", 1_100))
	return all
}

func TestEveryNamedAttackGetsTheExpectedRefusal(t *testing.T) {
	w := wait(t)
	for _, r := range w.corpus() {
		got, err := ask(w.port, r.raw)
		if err != nil {
			t.Errorf("%s: %v", r.name, err)
			continue
		}
		if got.status != r.status {
			t.Errorf("%s: answered %d, want %d", r.name, got.status, r.status)
		}
	}
	w.finishes()
}

func TestBrowsersWithoutFetchMetadataAreServed(t *testing.T) {
	for _, header := range []string{"", "Sec-Fetch-Mode: navigate\r\n", "Sec-Fetch-Dest: document\r\n", "Sec-Fetch-Site: none\r\nSec-Fetch-User: ?1\r\n"} {
		w := wait(t)
		raw := strings.Replace(request(w.port, strings.TrimPrefix(w.callback, fmt.Sprintf("http://localhost:%d", w.port))), navigation, header, 1)
		if got, err := ask(w.port, raw); err != nil || got.status != http.StatusSeeOther {
			t.Errorf("%q: %d, %v", header, got.status, err)
		}
		<-w.ended
	}
}

// parallel calls do n times, several calls at a time, and fails with the first error.
func parallel(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	var next atomic.Int64
	var wait sync.WaitGroup
	failed := make(chan error, 1)
	for range 16 {
		wait.Go(func() {
			for i := int(next.Add(1)); i <= n && len(failed) == 0; i = int(next.Add(1)) {
				if err := do(i); err != nil {
					select {
					case failed <- fmt.Errorf("request %d: %w", i, err):
					default:
					}
				}
			}
		})
	}
	wait.Wait()
	close(failed)
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
}

// spoil changes a good request into a hostile request. The result is never a valid
// request with the true state.
func (w waiting) spoil(r *rand.Rand, corpus []hostileRequest) string {
	pick := corpus[r.IntN(len(corpus))].raw
	raw := request(w.port, "/callback?state="+w.state+"&code="+w.code)
	switch r.IntN(6) {
	case 0:
		return pick
	case 1: // two attacks in one request without the state, which might cancel out
		other := corpus[r.IntN(len(corpus))].raw
		both := pick[:r.IntN(len(pick)+1)] + other[r.IntN(len(other)):] + "\r\n\r\n"
		return strings.ReplaceAll(both, w.state, swapCase(w.state))
	case 2: // a wrong state, in every spelling
		wrong := []byte(w.state)
		wrong[r.IntN(len(wrong))] ^= byte(1 + r.IntN(127))
		return request(w.port, "/callback?"+[]string{"error", "code"}[r.IntN(2)]+"=x&state="+escapeAll(wrong))
	case 3: // a good request without the state, mutated
		b := []byte(strings.Replace(raw, w.state, w.state[1:], 1))
		for range 1 + r.IntN(8) {
			b[r.IntN(len(b))] = byte(r.IntN(256))
		}
		return string(b) + "\r\n\r\n"
	case 4: // bytes
		b := make([]byte, r.IntN(2_000))
		for i := range b {
			b[i] = byte(r.IntN(256))
		}
		return string(b) + "\r\n\r\n"
	}
	// A good request at a wrong host.
	return strings.Replace(raw, "localhost:", "localhost"+string(rune('a'+r.IntN(26)))+":", 1)
}

// escapeAll writes every byte as an escape.
func escapeAll(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		fmt.Fprintf(&s, "%%%02x", c)
	}
	return s.String()
}

// TestAHostileRun attacks a waiting sign-in with BOOKRING_HOSTILE requests.
func TestAHostileRun(t *testing.T) {
	w := wait(t)
	corpus := w.corpus()
	n := hostile(t)
	for range 1_000 { // half-open, until the listener closes the connections
		slow, err := connect(w.port)
		if err != nil {
			t.Fatal(err)
		}
		defer slow.Close() //nolint:errcheck // the listener closed the connection
	}
	var statuses [600]atomic.Int64
	begun := time.Now()
	parallel(t, n, func(i int) error {
		begun := time.Now()
		r := rand.New(rand.NewPCG(2026, uint64(i))) // repeatable
		raw := w.spoil(r, corpus)
		got, err := ask(w.port, raw)
		if err != nil {
			return fmt.Errorf("%w after %v\n%q", err, time.Since(begun), raw)
		}
		statuses[got.status].Add(1)
		if got.status < 400 {
			return fmt.Errorf("answered %d\n%q", got.status, raw)
		}
		return nil
	})
	took := time.Since(begun)
	counts := map[int]int64{}
	for status := range statuses {
		if c := statuses[status].Load(); c > 0 {
			counts[status] = c
		}
	}
	t.Logf("%d requests in %v (%.0f/s), answered %v", n, took.Round(time.Millisecond), float64(n)/took.Seconds(), counts)
	begun = time.Now()
	w.finishes()
	if took := time.Since(begun); took > time.Second {
		t.Errorf("the true callback took %v", took)
	}
}

// breaking is a connection with a fault in the reading of the request.
type breaking struct{ net.Conn }

func (breaking) Read([]byte) (int, error) { panic("code=canary") }

func TestAPanicAnswersWithAPageIsLoggedWithoutTheRequestAndEndsNoAttempt(t *testing.T) {
	s := start(t)
	a := s.begin()
	ended := s.follow(a)
	browser, program := net.Pipe()
	var served sync.WaitGroup
	served.Go(func() {
		defer program.Close() //nolint:errcheck // the end of the test
		oauth.Serve(s.flow, s.ports[0], breaking{program})
	})
	page, err := io.ReadAll(browser)
	served.Wait()
	if err != nil || !strings.HasPrefix(string(page), "HTTP/1.1 500 ") || strings.Contains(string(page), "canary") {
		t.Errorf("answered %.40s, %v", page, err)
	}
	if log := s.log.String(); !strings.Contains(log, "panicked") || strings.Contains(log, "canary") {
		t.Errorf("logged %s", log)
	}
	s.open(s.allow(a))
	if e := <-ended; e.err != nil {
		t.Error(e.err)
	}
}
