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

// page is an answer to the browser: fixed but for names, which html/template
// escapes, and never anything that came with the request.
type page struct {
	status   int
	location string // where to go, for a redirect
	refresh  bool   // ask again soon
	body     []byte
}

// content is what a page shows. Names stand in fields of their own, so that one
// written from right to left does not turn the words around it.
type content struct {
	Good, Busy bool
	Whose      string // the organisation that the title is about
	Title      string
	Sentence   string
	Person     string // who signed in, if it was not who was expected
	Previous   string // who did last time
	Asked      string // who was asked for: the title names both
	Waits      string // what waits for them, and the link is for them
	Names      []name
	More       string // how many names are left out
	Code       string // of a failure, to quote
	Again      string // the path of the one link
	Until      string // when it stops working
	Foot       string
}

type name struct {
	Good       bool
	Text, Note string
}

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

func render(status int, c content) *page {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, c); err != nil {
		panic(fmt.Sprintf("page.html: %v", err)) // a fault of the template, found by any test
	}
	return &page{status: status, body: b.Bytes()}
}

func redirect(location string) *page {
	return &page{status: http.StatusSeeOther, location: location}
}

const backToBookring = "You can close this tab and go back to Bookring."

// The pages for requests that are not an answer. None ends an attempt.
var (
	pageBadRequest = render(http.StatusBadRequest, content{Title: "This address is not complete", Sentence: "Bookring did not use it and goes on waiting.", Foot: backToBookring})
	pageNotOurs    = render(http.StatusBadRequest, content{Title: "Bookring did not begin this sign-in", Sentence: "Bookring did not use it. If you wait for a sign-in, finish it in the tab that Bookring opened, or begin again in Bookring.", Foot: backToBookring})
	pageForbidden  = render(http.StatusForbidden, content{Title: "Only a browser’s own page can be shown here", Foot: backToBookring})
	pageNotFound   = render(http.StatusNotFound, content{Title: "There is nothing here", Foot: backToBookring})
	pageMethod     = render(http.StatusMethodNotAllowed, content{Title: "This address can only be opened", Foot: backToBookring})
	pageFinished   = render(http.StatusConflict, content{Title: "This sign-in is already finished", Sentence: "Bookring has the answer; there is nothing more to do here.", Foot: backToBookring})
	pageOver       = render(http.StatusGone, content{Title: "This link has done its work", Sentence: "To connect another organisation, press the button in Bookring.", Foot: backToBookring})
	pageUnexpected = render(http.StatusInternalServerError, content{Title: "This page could not be shown", Sentence: "Bookring goes on waiting. Load the page again.", Foot: backToBookring})
	// pageMisdirected answers a request for another host, as DNS rebinding makes them.
	pageMisdirected = render(http.StatusMisdirectedRequest, content{Title: "There is nothing here"})
	pageReading     = func() *page {
		p := render(http.StatusOK, content{Busy: true, Title: "Bookring is reading what was connected", Sentence: "This page goes on by itself.", Foot: "This page keeps no secret."})
		p.refresh = true
		return p
	}()
)

func failurePage(f *backend.Failure) *page {
	w := f.Words()
	return render(http.StatusOK, content{Title: w.Title, Sentence: w.Sentence, Code: string(f.Code), Foot: "Go back to Bookring to go on. This page keeps no secret."})
}

// maxNames is how many names a page lists.
const maxNames = 100

// outcomePage names what was connected and offers to connect another.
func outcomePage(o backend.Outcome, once string, until time.Time) *page {
	c := content{
		Good:     len(o.Added)+len(o.Back)+len(o.Known) > 0,
		Sentence: plural(o.Total, "1 organisation is connected now.", "%d organisations are connected now."),
		Foot:     "Or close this tab and go back to Bookring. This page keeps no secret.",
	}
	c.Whose, c.Title = outcomeTitle(o)
	if once != "" {
		c.Again, c.Until = againPath+once, until.Local().Format("15:04")
	}
	add := func(note string, organisations []backend.Organisation) {
		for _, org := range organisations {
			c.Names = append(c.Names, name{true, org.Name, note})
		}
	}
	add("connected just now", o.Added)
	add("connected again", o.Back)
	if len(c.Names) == 0 {
		add("connected already", o.Known)
	}
	for _, other := range o.Others {
		c.Names = append(c.Names, name{false, other.Name, "not an organisation, so not listed"})
	}
	if left := len(c.Names) - maxNames; left > 0 {
		c.Names, c.More = c.Names[:maxNames], fmt.Sprintf("and %d more", left)
	}
	c.expect(o)
	return render(http.StatusOK, c)
}

// expect says who came instead of whom. Somebody who was asked for is what the
// page is about.
func (c *content) expect(o backend.Outcome) {
	e := o.Expected
	if e == nil {
		return
	}
	c.Person = o.SignIn.Name
	if !e.Asked {
		c.Previous = e.SignIn.Name
		return
	}
	c.Good, c.Whose, c.Title, c.Asked = !e.Missed(), "", "Signed in as somebody else", e.SignIn.Name
	if e.Carried > 0 {
		c.Sentence = plural(e.Carried, "1 organisation is connected through this sign-in now.", "%d organisations are connected through this sign-in now.")
	}
	switch {
	case e.Missed() && e.Waiting == 0:
		c.Waits = "Nothing was changed for"
	case e.Missed():
		c.Waits = plural(e.Waiting, "1 organisation still waits for", "%d organisations still wait for")
	}
}

// outcomeTitle says it in one line: what happened, and whose name goes before it.
func outcomeTitle(o backend.Outcome) (whose, what string) {
	added, back, known := len(o.Added), len(o.Back), len(o.Known)
	switch {
	case added == 1 && back == 0:
		return o.Added[0].Name, "is connected"
	case added == 0 && back == 1:
		return o.Back[0].Name, "is connected again"
	case added+back > 1:
		return "", fmt.Sprintf("%d organisations are connected", added+back)
	case known == 1:
		return o.Known[0].Name, "was connected already"
	case known > 1:
		return "", "These organisations were connected already"
	}
	return "", "No organisation was connected"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}

// headers go with every answer, whatever its status. The policy allows the
// page's own style and one link, and nothing to be loaded or sent.
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

// write sends the page and closes the sending side. What the client still
// sends is taken and thrown away for a moment, because closing on unread data
// resets the connection and with it the answer.
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
	_ = conn.SetWriteDeadline(now().Add(writeLimit)) // not before: finding the page may take its time
	if _, err := conn.Write(b.Bytes()); err != nil {
		return
	}
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		_ = conn.SetReadDeadline(now().Add(drainLimit))
		_, _ = io.CopyN(io.Discard, conn, drainLimitSize)
	}
}
