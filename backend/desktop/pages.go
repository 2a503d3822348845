package desktop

import (
	"context"

	"bookring/backend"
)

// pages are Xero's pages by name. The window knows names and no addresses.
var pages = map[string]string{
	"developer-portal": "https://developer.xero.com/app/manage",
	"xero-logout":      "https://go.xero.com/logout",
}

// OpenPage opens a page of Xero in the user's browser. Errors: PageNotOpened
// with the address, Unexpected for an unknown name.
func OpenPage(ctx context.Context, name string) error {
	address, ok := pages[name]
	if !ok {
		return backend.Fail(backend.Unexpected, "", nil)
	}
	if err := Browse(ctx, address, nil); err != nil {
		return backend.Fail(backend.PageNotOpened, address, err)
	}
	return nil
}
