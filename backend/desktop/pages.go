package desktop

import (
	"context"
	"net/url"
	"runtime"
	"strings"

	"bookring/backend"
)

// pages are the ones that the window can open, by name: it cannot name an
// address.
var pages = map[string]string{
	"developer-portal": "https://developer.xero.com/app/manage",
	"xero-logout":      "https://go.xero.com/logout",
}

// OpenPage opens one of a few pages at Xero in the system browser. Fails with
// PageNotOpened and the address.
func OpenPage(ctx context.Context, name string) error {
	address, ok := pages[name]
	if !ok {
		return backend.Fail(backend.Unexpected, "", nil)
	}
	if err := Browse(ctx, address); err != nil {
		return backend.Fail(backend.PageNotOpened, address, err)
	}
	return nil
}

// MailSupport opens the mail program with a message that names a failure, the
// version and the system, and nobody's clients. It has no recipient: a
// practice knows who looks after its computers. Fails with PageNotOpened.
func MailSupport(ctx context.Context, version, code string) error {
	code = backend.PlainText(code)
	message := url.Values{
		"subject": {"Bookring: " + code},
		"body": {"What I was doing:\n\n\nWhat Bookring said: " + code +
			"\nBookring " + version + ", " + runtime.GOOS + "/" + runtime.GOARCH + "\n"},
	}
	if err := Browse(ctx, "mailto:?"+strings.ReplaceAll(message.Encode(), "+", "%20")); err != nil {
		return backend.Fail(backend.PageNotOpened, "a new message in your mail program", err)
	}
	return nil
}
