package desktop

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"time"

	"bookring/backend"
)

// patience is how long an opener may take to fail. One that still runs after
// that is a browser, or something that waits for one.
const patience = 2 * time.Second

// Browse opens an address in the person's own browser, or mail program, and
// returns as soon as it is known to have failed, at the latest after 2 s. It
// opens https at Xero's own sites, http and https on loopback, and mailto;
// nothing else.
//
// It fails with BrowserNotOpened if there is no opener or it reported an
// error, with Cancelled if ctx ends first, and with Unexpected for an address
// it does not open. No failure holds the address, because a sign-in's holds
// state and nonce. The opener is a program, so that on Linux and macOS this
// user and root can see the address among its arguments while it runs.
func Browse(ctx context.Context, address string) error {
	if !mayOpen(address) {
		return backend.Fail(backend.Unexpected, "", errors.New("open browser: an address that is not on the list"))
	}
	// The goroutine ends with the opener. Nobody waits for that: the opener
	// can be the browser itself, which outlives Bookring.
	ended := make(chan error, 1)
	go func() { ended <- open(address) }()

	opened := time.NewTimer(patience)
	defer opened.Stop()
	select {
	case err := <-ended:
		if err != nil {
			return backend.Fail(backend.BrowserNotOpened, "", err)
		}
		return nil
	case <-opened.C:
		return nil
	case <-ctx.Done():
		return backend.Fail(backend.Cancelled, "", ctx.Err())
	}
}

var sites = []string{"login.xero.com", "authorize.xero.com", "developer.xero.com", "go.xero.com"}

// maxAddress is far above a sign-in's and below what Windows opens.
const maxAddress = 8192 // bytes

// uri holds the characters of RFC 3986, without which there are no controls,
// quotes or white space either.
var uri = regexp.MustCompile(`^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$`)

func mayOpen(address string) bool {
	if len(address) > maxAddress || !uri.MatchString(address) {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "https":
		if u.User == nil && slices.Contains(sites, u.Host) {
			return true
		}
	case "mailto":
		return !escapedControl.MatchString(u.Opaque)
	}
	return backend.CheckLoopback(address) == nil
}

// escapedControl in the recipient of a mail would begin a header of its own; in
// the body, behind the question mark, line ends are ordinary (RFC 6068).
var escapedControl = regexp.MustCompile(`(?i)%(0|1|7f)`)
