package oauth

import (
	"strings"

	"bookring/backend"
)

// Paste takes the address on which the browser ended, for computers where
// something keeps the browser from reaching the loopback address. It passes the
// same checks as a request would. White space, which mail programs and
// terminals put into long addresses, is left out. Fails with PastedEmpty or
// PastedNotOurs and leaves every attempt alive.
func (a *Attempt) Paste(address string) error {
	address = strings.Join(strings.Fields(address), "")
	if address == "" {
		return backend.Fail(backend.PastedEmpty, "", nil)
	}
	query, ok := strings.CutPrefix(address, a.config.RedirectURL+"?")
	if !ok {
		return backend.Fail(backend.PastedNotOurs, "", nil)
	}
	if _, refusal := a.flow.accept(query); refusal != nil {
		return backend.Fail(backend.PastedNotOurs, "", nil)
	}
	return nil
}
