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

// openerTimeout is the time for an opener to report a failure to the caller of Browse.
// A later failure is reported to late.
const openerTimeout = 2 * time.Second

// Browse opens an address in the user's browser or mail program. Browse accepts
// https at Xero's own sites, http and https on loopback, and mailto, and returns
// after 2 s at the latest. An opener still running counts as a success. If the opener
// fails afterwards, and before the end of ctx, Browse calls late once, from another
// goroutine, with the error BrowserNotOpened. Late may be nil.
//
// Errors: BrowserNotOpened if no opener is installed or the opener fails,
// Cancelled if ctx ends first, Unexpected for any other address. No error holds
// the address, because the address of a sign-in holds state and nonce. On Linux
// and macOS the address is an argument of the opener: until the opener ends, every
// user of the computer can read the address (/proc/PID/cmdline, ps), unless Linux
// hides the processes of other users (mount option hidepid). A state must therefore
// be worth little without the browser of the sign-in.
func Browse(ctx context.Context, address string, late func(err error)) error {
	if !allowed(address) {
		return backend.Fail(backend.Unexpected, "", errors.New("open browser: address not allowed"))
	}
	// The goroutine ends with the opener and has no owner: the opener can be the
	// browser, and outlive Bookring.
	ended, slow := make(chan error), make(chan struct{})
	go func() {
		err := recovered(func() error { return open(address) })
		select {
		case ended <- err:
		case <-slow:
			if err != nil && late != nil && ctx.Err() == nil {
				late(backend.Fail(backend.BrowserNotOpened, "", err))
			}
		case <-ctx.Done():
		}
	}()

	timeout := time.NewTimer(openerTimeout)
	defer timeout.Stop()
	select {
	case err := <-ended:
		if err != nil {
			return backend.Fail(backend.BrowserNotOpened, "", err)
		}
		return nil
	case <-timeout.C:
		close(slow)
		return nil
	case <-ctx.Done():
		return backend.Fail(backend.Cancelled, "", ctx.Err())
	}
}

// recovered calls do. A panic of do is a failure.
func recovered(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = backend.Panicked(p)
		}
	}()
	return do()
}

var xeroHosts = []string{"login.xero.com", "authorize.xero.com", "developer.xero.com", "go.xero.com"}

// maxAddress exceeds the length of every sign-in's address and respects the
// limit of Windows.
const maxAddress = 8192 // bytes

// uriCharacters excludes every character outside RFC 3986: control characters,
// quotes, white space.
var uriCharacters = regexp.MustCompile(`^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$`)

func allowed(address string) bool {
	if len(address) > maxAddress || !uriCharacters.MatchString(address) {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "https":
		if u.User == nil && slices.Contains(xeroHosts, u.Host) {
			return true
		}
	case "mailto":
		return !escapedControl.MatchString(u.Opaque)
	}
	return backend.CheckLoopback(address) == nil
}

// escapedControl matches an escaped control character. In the recipient of a
// mail, an escaped line end would begin another header; after the question mark,
// line ends are part of the text (RFC 6068).
var escapedControl = regexp.MustCompile(`(?i)%(0|1|7f)`)
