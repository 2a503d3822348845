package oauth

import (
	"strings"

	"bookring/backend"
)

// Paste takes the redirect address from the browser's address bar, for computers
// where the browser cannot reach the loopback address. The address passes the
// same checks as a request. Paste ignores white space, because mail programs and
// terminals break long addresses. Fails with PastedEmpty or PastedNotOurs; a
// failure changes no attempt.
func (a *Attempt) Paste(address string) error {
	address = strings.Join(strings.Fields(address), "")
	if address == "" {
		return backend.Fail(backend.PastedEmpty, "", nil)
	}
	query, ok := strings.CutPrefix(address, a.config.RedirectURL+"?")
	if !ok {
		return backend.Fail(backend.PastedNotOurs, "", nil)
	}
	other, ans, refusal := a.flow.read(query)
	if refusal != nil || !other.answer(ans) {
		return backend.Fail(backend.PastedNotOurs, "", nil)
	}
	return nil
}
