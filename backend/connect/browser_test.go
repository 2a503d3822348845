package connect_test

import (
	"context"
	"errors"
	"html"
	"net"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// click presses Connect and returns the link of the opened browser.
func (d *desk) click() string {
	d.t.Helper()
	d.Connect()
	return d.openedLink()
}

// openedLink returns the link of the last opened browser.
func (d *desk) openedLink() string {
	d.t.Helper()
	select {
	case link := <-d.opened:
		return link
	default:
		d.t.Fatalf("no browser opened: %+v", d.overview().SignIn.Failed)
		return ""
	}
}

// noBrowserOpened fails if a browser was opened and no test read the link.
func (d *desk) noBrowserOpened() {
	d.t.Helper()
	if n := len(d.opened); n > 0 {
		d.t.Errorf("the browser was opened %d times", n)
	}
}

// allow goes through Xero's pages from a link, and back to Bookring's page.
func (d *desk) allow(link, person string, organisations ...string) simxero.Page {
	d.t.Helper()
	return d.follow(d.browser.Allow(d.t.Context(), link, person, organisations...))
}

// follow opens the address of Xero's redirect.
func (d *desk) follow(address string, err error) simxero.Page {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	page, err := d.browser.Open(d.t.Context(), address)
	if err != nil {
		d.t.Fatal(err)
	}
	return page
}

// connect completes a round: click, sign in, allow.
func (d *desk) connect(person string, organisations ...string) (view.Connected, simxero.Page) {
	d.t.Helper()
	page := d.allow(d.click(), person, organisations...)
	p := d.phase(rounds.Done)
	return *p.Connected, page
}

var tag = regexp.MustCompile(`<[^>]*>`)

// pageSays fails unless a page shows a text.
func pageSays(t *testing.T, page simxero.Page, text string) {
	t.Helper()
	if shown := html.UnescapeString(tag.ReplaceAllString(page.Body, "")); !strings.Contains(shown, text) {
		t.Errorf("the page at %s does not say %q:\n%s", page.Address, text, shown)
	}
}

var again = regexp.MustCompile(`href="(/again/[^"]+)"`)

// nextLink returns the link to another round on Bookring's page.
func (d *desk) nextLink(page simxero.Page) string {
	d.t.Helper()
	found := again.FindStringSubmatch(page.Body)
	if found == nil {
		d.t.Fatalf("no link to another organisation on the page at %s: %s", page.Address, page.Body)
	}
	here, err := url.Parse(page.Address)
	if err != nil {
		d.t.Fatal(err)
	}
	return here.ResolveReference(&url.URL{Path: found[1]}).String()
}

// listening reports whether the loopback listener is open.
func (d *desk) listening() bool {
	d.t.Helper()
	for _, address := range d.flow.RedirectAddresses() {
		host := strings.TrimSuffix(strings.TrimPrefix(address, "http://"), "/callback")
		c, err := new(net.Dialer).DialContext(context.Background(), "tcp", host)
		if err == nil {
			_ = c.Close()
			return true
		}
		if errors.Is(err, syscall.ECONNRESET) { // the port closed after the connection was accepted
			return true
		}
		if !errors.Is(err, syscall.ECONNREFUSED) {
			d.t.Fatal(err)
		}
	}
	return false
}
