package oauth

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"time"

	"bookring/backend"
)

// The limits for writing an answer and for reading the rest of a request after the answer.
const (
	writeLimit     = 3 * time.Second
	drainLimit     = 300 * time.Millisecond
	drainLimitSize = 1 << 20 // more than all cookies of one host in a browser
)

// page is an answer to the browser. Only names, escaped by html/template,
// differ between two pages of one kind. No page holds a part of the request.
type page struct {
	status   int
	location string // the target of a redirect
	refresh  bool   // the browser loads the page again after a second
	body     []byte
}

// content is the content of page.html.
type content struct {
	Good     bool
	Busy     bool    // the page reloads
	Title    string  // holds no names: the browser's history records the title
	Heading  []piece // the title with names; nil means Title
	Sentence string
	Notes    [][]piece
	Names    []name
	List     string // the accessible name of Names
	More     string // the number of names left out
	Again    string // the path of the only link
	Button   []piece
	Until    string // the time at which the link stops working
	Quote    []piece
	Foot     string
}

// piece is a part of a sentence. A value stands in an element of its own, so
// that a name written from right to left does not turn the words around it.
type piece struct {
	Text  string
	Value bool
}

// name is an entry of the list of connections.
type name struct {
	Good       bool
	Text, Note string
}

// filled returns a sentence with values in its blanks.
func filled(s backend.Sentence, values ...string) (all []piece) {
	for i, text := range s.Pieces() {
		if i > 0 {
			all, values = append(all, piece{values[0], true}), values[1:]
		}
		all = append(all, piece{text, false})
	}
	return all
}

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

func render(status int, c content) *page {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, c); err != nil {
		panic(fmt.Sprintf("page.html: %v", err)) // every test of a page finds such a fault
	}
	return &page{status: status, refresh: c.Busy, body: b.Bytes()}
}

func redirect(location string) *page {
	return &page{status: http.StatusSeeOther, location: location}
}

func notice(status int, n backend.Notice) *page {
	return render(status, content{Title: n.Title, Sentence: n.Sentence, Foot: backend.Say.Page.Close})
}

// The pages for requests that bring no answer. None of the pages ends an attempt.
var (
	pageBadRequest = notice(http.StatusBadRequest, backend.Say.Page.BadRequest)
	pageNotOurs    = notice(http.StatusBadRequest, backend.Say.Page.NotOurs)
	pageForbidden  = notice(http.StatusForbidden, backend.Say.Page.Forbidden)
	pageNotFound   = notice(http.StatusNotFound, backend.Say.Page.NotFound)
	pageMethod     = notice(http.StatusMethodNotAllowed, backend.Say.Page.Method)
	pageFinished   = notice(http.StatusConflict, backend.Say.Page.Finished)
	pageOver       = notice(http.StatusGone, backend.Say.Page.Over)
	pageTooLarge   = notice(http.StatusRequestHeaderFieldsTooLarge, backend.Say.Page.TooLarge)
	pageUnexpected = notice(http.StatusInternalServerError, backend.Say.Page.Unexpected)
	// pageMisdirected answers a request for another host, the sign of DNS rebinding.
	pageMisdirected = render(http.StatusMisdirectedRequest, content{Title: backend.Say.Page.NotFound.Title})
	pageReading     = render(http.StatusOK, content{
		Busy: true, Title: backend.Say.Page.Reading.Title, Sentence: backend.Say.Page.Reading.Sentence, Foot: backend.Say.Page.NoSecret,
	})
)

// failurePage shows a failure. With a non-empty one-time value, the page offers to
// try again, or to connect another organisation if Bookring goes on by itself.
func failurePage(end backend.End, once string, until time.Time) *page {
	f := end.Failure
	w := f.Words()
	c := content{
		Title: w.Title, Sentence: w.Sentence,
		Button: []piece{{Text: backend.Say.Page.TryAgain}},
		Quote:  filled(backend.Say.Page.Quote, string(f.Code)), Foot: backend.Say.Page.GoBack,
	}
	if c.offer(once, until); once != "" {
		c.Foot = backend.Say.Page.OrGoBack
	}
	if end.Pending {
		c.Notes = append(c.Notes, filled(backend.Sentence(backend.Say.Page.Pending)))
		c.Button = []piece{{Text: backend.Say.Page.Another}}
	}
	return render(http.StatusOK, c)
}

// offer adds the link to the next attempt, with a non-empty one-time value.
func (c *content) offer(once string, until time.Time) {
	if once != "" {
		c.Again, c.Until = againPath+once, backend.Say.Page.Until.With(until.Local().Format("15:04"))
	}
}

// headers are sent with every page. The policy allows the style element and
// links, and forbids to load or submit anything.
const headers = "Content-Type: text/html; charset=utf-8\r\n" +
	"Cache-Control: no-store\r\n" +
	"Referrer-Policy: no-referrer\r\n" +
	"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n" +
	"X-Content-Type-Options: nosniff\r\n" +
	"X-Frame-Options: DENY\r\n" +
	"Cross-Origin-Opener-Policy: same-origin\r\n" +
	"Cross-Origin-Resource-Policy: same-origin\r\n" +
	"X-Robots-Tag: noindex\r\n" +
	"Connection: close\r\n"

// write sends the page and closes the sending side. Then write reads and discards
// the rest of the request for a moment: closing a connection with unread data
// would reset the connection and could lose the answer.
func (p *page) write(conn net.Conn) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n%s", p.status, http.StatusText(p.status), headers)
	if p.location != "" {
		fmt.Fprintf(&b, "Location: %s\r\n", p.location)
	}
	if p.refresh {
		b.WriteString("Refresh: 1\r\n")
	}
	if p.status == http.StatusMethodNotAllowed {
		b.WriteString("Allow: GET\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", len(p.body))
	b.Write(p.body)
	_ = conn.SetWriteDeadline(now().Add(writeLimit)) // after the wait for the page
	if _, err := conn.Write(b.Bytes()); err != nil {
		return
	}
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		_ = conn.SetReadDeadline(now().Add(drainLimit))
		_, _ = io.CopyN(io.Discard, conn, drainLimitSize)
	}
}
