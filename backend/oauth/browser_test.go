package oauth_test

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"bookring/backend/oauth"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// answer is an answer of the listener, not decoded.
type answer struct {
	status int
	header textproto.MIMEHeader
	body   string
}

// The headers of a browser's navigation.
const navigation = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"

// open opens an address of the listener as a browser does, and follows no redirect.
func (s *scene) open(address string) answer {
	s.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		s.t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		s.t.Fatal(err)
	}
	return s.get(port, u.RequestURI())
}

func (s *scene) get(port int, target string) answer {
	s.t.Helper()
	got, err := ask(port, request(port, target))
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

func request(port int, target string) string {
	return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n", target, port, navigation)
}

// ask sends a request unchanged, and returns the checked answer.
func ask(port int, raw string) (answer, error) {
	conn, err := connect(port)
	if err != nil {
		return answer{}, err
	}
	defer conn.Close() //nolint:errcheck // the answer was read
	if _, err := io.WriteString(conn, raw); err != nil {
		return answer{}, err
	}
	return hear(conn)
}

func connect(port int) (*net.TCPConn, error) {
	conn, err := dialer.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, err
	}
	tcp := conn.(*net.TCPConn) //nolint:errcheck // dialling tcp returns a TCPConn
	_ = tcp.SetLinger(0)       // 100,000 connections in TIME_WAIT would use up the ports
	return tcp, tcp.SetDeadline(time.Now().Add(10 * time.Second))
}

// hear reads one answer to the end and checks the rules for all answers.
func hear(conn io.Reader) (answer, error) {
	raw, err := io.ReadAll(conn)
	if err != nil {
		return answer{}, err
	}
	return parse(string(raw))
}

// refusals caches checked answers. The tests get tens of thousands of answers with
// few different contents.
var refusals sync.Map

func parse(raw string) (answer, error) {
	if known, ok := refusals.Load(raw); ok {
		return known.(answer), nil //nolint:errcheck // the map holds answers only
	}
	head, body, ok := strings.Cut(raw, "\r\n\r\n")
	if !ok {
		return answer{}, fmt.Errorf("no answer: %.80q", raw)
	}
	r := textproto.NewReader(bufio.NewReader(strings.NewReader(head + "\r\n\r\n")))
	line, err := r.ReadLine()
	if err != nil {
		return answer{}, err
	}
	header, err := r.ReadMIMEHeader()
	if err != nil {
		return answer{}, err
	}
	status, err := strconv.Atoi(strings.Fields(line)[1])
	if err != nil {
		return answer{}, err
	}
	a := answer{status, header, body}
	err = a.check(line)
	if err == nil && status >= http.StatusBadRequest {
		refusals.Store(raw, a)
	}
	return a, err
}

// golden are the headers of every answer.
var golden = textproto.MIMEHeader{
	"Content-Type":                 {"text/html; charset=utf-8"},
	"Cache-Control":                {"no-store"},
	"Referrer-Policy":              {"no-referrer"},
	"Content-Security-Policy":      {"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"X-Robots-Tag":                 {"noindex"},
	"Connection":                   {"close"},
}

// statuses are the possible statuses, with the additional headers of each status.
var statuses = map[int][]string{
	http.StatusOK:                  nil,
	http.StatusInternalServerError: nil,
	http.StatusSeeOther:            {"Location"},
	http.StatusBadRequest:          nil,
	http.StatusForbidden:           nil,
	http.StatusNotFound:            nil,
	http.StatusMethodNotAllowed:    {"Allow"},
	http.StatusConflict:            nil,
	http.StatusGone:                nil,
	http.StatusMisdirectedRequest:  nil,

	http.StatusRequestHeaderFieldsTooLarge: nil,
}

var fixedPages = oauth.FixedPages()

// check checks the rules for all answers.
func (a answer) check(line string) error {
	extra, known := statuses[a.status]
	if want := fmt.Sprintf("HTTP/1.1 %d %s", a.status, http.StatusText(a.status)); !known || line != want {
		return fmt.Errorf("status line %q", line)
	}
	want := textproto.MIMEHeader{"Content-Length": {strconv.Itoa(len(a.body))}}
	for name, values := range golden {
		want[name] = values
	}
	for _, name := range extra {
		want[name] = a.header[name]
	}
	if a.body != "" && a.header.Get("Refresh") != "" {
		want["Refresh"] = []string{"1"}
	}
	if !maps.EqualFunc(want, a.header, slices.Equal[[]string]) {
		return fmt.Errorf("headers of %d: %s", a.status, cmp.Diff(want, a.header))
	}
	switch {
	case a.status == http.StatusSeeOther:
		if a.body != "" || a.header.Get("Location") == "" {
			return fmt.Errorf("a redirect to %q with a body of %d bytes", a.header.Get("Location"), len(a.body))
		}
		return nil
	case a.status == http.StatusOK:
		return harmless(a.body)
	case !fixedPages[a.body]:
		return fmt.Errorf("an unknown page with %d: %s", a.status, a.body)
	}
	return nil
}

// harmless parses a page and fails if the page loads, sends or runs anything, or
// has another link than the link to the next round.
func harmless(page string) error {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return err
	}
	links := 0
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			return fmt.Errorf("a comment: %s", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html", "head", "meta", "title", "style", "body", "main", "div", "svg", "path", "h1", "p", "ul", "li", "span", "b", "bdi", "small", "code":
		case "a":
			links++
		default:
			return fmt.Errorf("an element <%s>", n.Data)
		}
		for _, a := range n.Attr {
			again := n.Data == "a" && a.Key == "href" && strings.HasPrefix(a.Val, "/again/")
			switch a.Key {
			case "lang", "charset", "name", "content", "class", "viewbox", "viewBox", "aria-hidden", "aria-label", "tabindex", "d", "dir", "role",
				"fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin":
			default:
				if !again {
					return fmt.Errorf("an attribute %s=%q of <%s>", a.Key, a.Val, n.Data)
				}
			}
		}
	}
	if links > 1 {
		return fmt.Errorf("%d links", links)
	}
	return nil
}

// text returns the visible text of a page.
func (a answer) text() string {
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "title" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// link returns the target of the page's only link, or "".
func (a answer) link() string {
	_, rest, found := strings.Cut(a.body, `<a href="`)
	if !found {
		return ""
	}
	href, _, _ := strings.Cut(rest, `"`)
	return href
}
