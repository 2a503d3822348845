package oauth_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

// pathOf returns the path and query of an address of the listener.
func (w waiting) pathOf(address string) string {
	return strings.TrimPrefix(address, fmt.Sprintf("http://localhost:%d", w.port))
}

func TestWhatBrowsersAndHelpersAddToTheAddressIsIgnored(t *testing.T) {
	for name, change := range map[string]func(query string) string{
		"a parameter without a value":     func(q string) string { return q + "&utm" },
		"the same, first":                 func(q string) string { return "utm&" + q },
		"the same, in the middle":         func(q string) string { return strings.Replace(q, "&", "&utm&", 1) },
		"the same, twice":                 func(q string) string { return q + "&utm&utm" },
		"an empty value":                  func(q string) string { return q + "&utm=" },
		"no name":                         func(q string) string { return q + "&=utm" },
		"only an equals sign":             func(q string) string { return q + "&=" },
		"a trailing ampersand":            func(q string) string { return q + "&" },
		"a leading ampersand":             func(q string) string { return "&" + q },
		"doubled ampersands":              func(q string) string { return strings.ReplaceAll(q, "&", "&&") + "&&" },
		"an unknown parameter twice":      func(q string) string { return q + "&x=1&x=2" },
		"the same parameter, escaped":     func(q string) string { return q + "&x=1&%78=2" },
		"a description twice":             func(q string) string { return q + "&error_description=x&error_description=y" },
		"a session twice":                 func(q string) string { return q + "&session_state=x&session_state=y" },
		"names that differ by their case": func(q string) string { return q + "&State=x&CODE=y&Error=z" },
		"names of a list":                 func(q string) string { return q + "&state[]=x&code[]=y" },
		"an error without a value":        func(q string) string { return q + "&error" },
		"an empty error":                  func(q string) string { return q + "&error=" },
		"an error of a space":             func(q string) string { return q + "&error=+" },
		"question marks":                  func(q string) string { return q + "&x=?y?z" },
		"equals signs":                    func(q string) string { return q + "&x==y=z=" },
		"letters of any language":         func(q string) string { return q + "&x=%C3%A9%E5%90%8D&é=ü" },
		"many parameters":                 func(q string) string { return q + strings.Repeat("&x=1", 500) },
	} {
		t.Run(name, func(t *testing.T) {
			w := wait(t)
			path, query, _ := strings.Cut(w.callback, "?")
			w.callback = path + "?" + change(query)
			if got := w.get(w.port, w.pathOf(w.callback)); got.status != http.StatusSeeOther {
				t.Fatalf("answered %d", got.status)
			}
			if e := <-w.ended; e.err != nil {
				t.Error(e.err)
			}
		})
	}
}

// withHeaders returns the true callback's request with more headers.
func (w waiting) withHeaders(headers string) string {
	return strings.TrimSuffix(request(w.port, w.pathOf(w.callback)), "\r\n") + headers + "\r\n"
}

func TestLargeCookiesOfOtherProgramsDoNotPreventASignIn(t *testing.T) {
	cookie := func(n int) string { return "Cookie: session=" + strings.Repeat("c", n) + "\r\n" }
	for name, headers := range map[string]string{
		"17 KB":            cookie(17 << 10),
		"64 KB":            cookie(64 << 10),
		"250 KB":           cookie(250 << 10),
		"many cookies":     "Cookie: " + strings.Repeat("name=value; ", 20<<10) + "a=b\r\n",
		"cookies in lines": strings.Repeat(cookie(1_000), 200),
		"many headers":     strings.Repeat("X-Y: z\r\n", 500),
		"folded":           "Cookie: a=b\r\n" + strings.Repeat(" "+strings.Repeat("c", 1_000)+"\r\n", 200),
	} {
		t.Run(name, func(t *testing.T) {
			w := wait(t)
			got, err := ask(w.port, w.withHeaders(headers))
			if err != nil || got.status != http.StatusSeeOther {
				t.Fatalf("answered %d, %v", got.status, err)
			}
			if e := <-w.ended; e.err != nil {
				t.Error(e.err)
			}
		})
	}
}

func TestAnAnswerToTooLargeHeadersNamesTheCookies(t *testing.T) {
	w := wait(t)
	for _, n := range []int{257 << 10, 300 << 10, 720 << 10} { // a browser keeps 180 cookies of 4 KB for a host
		got, err := ask(w.port, w.withHeaders("Cookie: "+strings.Repeat("c", n)+"\r\n"))
		if err != nil || got.status != http.StatusRequestHeaderFieldsTooLarge || !strings.Contains(got.text(), "cookies") {
			t.Errorf("%d bytes: answered %d, %q, %v", n, got.status, got.text(), err)
		}
	}
	w.finishes()
}

// 2,000 unfinished requests of 250 KB each would need 500 MB without a bound on all
// connections together.
func TestLargeUnfinishedHeadersAreBoundedTogether(t *testing.T) {
	w := wait(t)
	const clients, bound = 120, 16 << 20
	part := "GET / HTTP/1.1\r\nCookie: " + strings.Repeat("c", 250<<10)
	var all sync.WaitGroup
	closed := make(chan struct{}, clients)
	for range clients {
		conn, err := connect(w.port)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()                //nolint:errcheck // the listener closed the connection
		_, _ = io.WriteString(conn, part) // the listener may have closed the connection
		all.Go(func() {
			_, _ = io.Copy(io.Discard, conn)
			closed <- struct{}{}
		})
	}
	begun := time.Now()
	got, err := ask(w.port, w.withHeaders("Cookie: "+strings.Repeat("c", 250<<10)+"\r\n"))
	took := time.Since(begun)
	t.Logf("served in %v", took)
	if err != nil || got.status != http.StatusSeeOther || took > time.Second {
		t.Fatalf("the true callback: %d, %v after %v", got.status, err, took)
	}
	const most = bound / (234 << 10) // the first 16 KB of a request are not counted
	late := time.After(time.Second)  // the read limit closes the connections after two seconds
	for n := range clients - most {
		select {
		case <-closed:
		case <-late:
			t.Fatalf("%d connections with 250 KB each are open, more than %d", clients-n, most)
		}
	}
	if e := <-w.ended; e.err != nil {
		t.Error(e.err)
	}
	all.Wait()
}

func TestSmallRequestsOutliveLargeUnfinishedHeaders(t *testing.T) {
	w := wait(t)
	small, err := connect(w.port)
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close() //nolint:errcheck // the answer was read
	if _, err := io.WriteString(small, strings.TrimSuffix(request(w.port, w.pathOf(w.callback)), "\r\n")); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		large, err := connect(w.port)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(large, "GET / HTTP/1.1\r\nCookie: "+strings.Repeat("c", 250<<10))
		defer large.Close() //nolint:errcheck // the listener closed the connection
	}
	if _, err := io.WriteString(small, "\r\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := hear(small); err != nil || got.status != http.StatusSeeOther {
		t.Fatalf("the oldest connection: %d, %v", got.status, err)
	}
	<-w.ended
}

func TestARepeatedCallbackGetsTheSamePage(t *testing.T) {
	w := wait(t)
	there := w.open(w.callback).header.Get("Location")
	first := w.get(w.port, there)
	if e := <-w.ended; e.err != nil {
		t.Fatal(e.err)
	}
	for name, address := range map[string]string{
		"F5": w.callback, "a helper's parameter": w.callback + "&utm", "a trailing ampersand": w.callback + "&",
		"another order": oauth.RedirectURI(w.port) + "?state=" + w.state + "&code=" + w.code,
	} {
		again := w.open(address)
		if again.status != http.StatusSeeOther {
			t.Errorf("%s: answered %d: %s", name, again.status, again.text())
			continue
		}
		page := w.get(w.port, again.header.Get("Location"))
		if page.body != first.body || page.link() == "" || !strings.Contains(page.text(), vets+" is connected") {
			t.Errorf("%s: the page says %q", name, page.text())
		}
	}
	if n := len(w.xero.Requests(simxero.Exchange)); n != 1 {
		t.Errorf("the code was exchanged %d times", n)
	}
	if next := w.get(w.port, first.link()); next.status != http.StatusSeeOther || w.begun.Load() != 1 {
		t.Errorf("the next round: %d", next.status)
	}
}

func TestARepeatDuringTheExchangeWaitsForTheSamePage(t *testing.T) {
	s := start(t)
	slow := s.xero.Fail(simxero.Exchange, simxero.Stalled())
	w := waiting{scene: s, attempt: s.begin()}
	w.ended, w.callback, w.port = s.follow(w.attempt), s.allow(w.attempt), portOf(t, w.attempt)
	pages := make(chan answer, 4)
	var tabs sync.WaitGroup
	for range cap(pages) {
		tabs.Go(func() { pages <- s.get(w.port, s.open(w.callback).header.Get("Location")) })
	}
	if err := slow.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	slow.Release()
	tabs.Wait()
	for range cap(pages) {
		if page := <-pages; !strings.Contains(page.text(), vets+" is connected") {
			t.Errorf("a tab says %q", page.text())
		}
	}
	if e := <-w.ended; e.err != nil {
		t.Error(e.err)
	}
	if n := len(s.xero.Requests(simxero.Exchange)); n != 1 {
		t.Errorf("the code was exchanged %d times", n)
	}
}

// The error is guessable, so the state alone must not open the page with its offer.
func TestARepeatedRefusalGetsNoOffer(t *testing.T) {
	s := alone(t)
	a := s.begin()
	ended := s.follow(a)
	port := portOf(t, a)
	target := "/callback?error=access_denied&state=" + param(t, a.Link(), "state")
	s.get(port, target)
	fails(t, (<-ended).err, backend.Refused, "")
	if again := s.get(port, target+"&error_description=x"); again.status != http.StatusConflict || again.link() != "" {
		t.Errorf("answered %d", again.status)
	}
}

// Only the accepted code opens the page with the names. A leaked state does not.
func TestAnotherAnswerWithTheAcceptedStateGetsNoNames(t *testing.T) {
	w := wait(t)
	w.finishes()
	for name, query := range map[string]string{
		"another code": "code=x", "a longer code": "code=" + w.code + "x", "a shorter code": "code=" + w.code[1:], "another case": "code=" + swapCase(w.code),
		"a code with a space": "code=" + w.code + "+", "an error": "error=access_denied", "the code as an error": "error=" + w.code,
	} {
		got := w.get(w.port, "/callback?state="+w.state+"&"+query)
		if got.status != http.StatusConflict || strings.Contains(got.text(), vets) || got.link() != "" {
			t.Errorf("%s: answered %d: %s", name, got.status, got.text())
		}
	}
	for name, query := range map[string]string{
		"no code": "state=" + w.state, "a blank code": "code=+&state=" + w.state, "the code twice": "code=" + w.code + "&code=" + w.code + "&state=" + w.state,
		"another state": "code=" + w.code + "&state=" + oauth.Random(), "another issuer": "code=" + w.code + "&state=" + w.state + "&iss=x",
	} {
		if got := w.get(w.port, "/callback?"+query); got.status != http.StatusBadRequest {
			t.Errorf("%s: answered %d: %s", name, got.status, got.text())
		}
	}
}

// The person did nothing wrong: every page says what Bookring does, and where to go on.
func TestNoPageBlamesThePerson(t *testing.T) {
	for _, n := range []backend.Notice{
		backend.Say.Page.BadRequest, backend.Say.Page.NotOurs, backend.Say.Page.Finished, backend.Say.Page.Over, backend.Say.Page.TooLarge, backend.Say.Page.Unexpected,
	} {
		text := strings.ToLower(n.Title + " " + n.Sentence)
		for _, blame := range []string{"you did", "you must", "your mistake", "wrong", "invalid", "did not begin", "not complete", "nothing more to do"} {
			if strings.Contains(text, blame) {
				t.Errorf("%q says %q", n.Title, blame)
			}
		}
		if !strings.Contains(n.Sentence, "Bookring") {
			t.Errorf("%q has no way on: %q", n.Title, n.Sentence)
		}
	}
}
