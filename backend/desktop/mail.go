package desktop

import (
	"context"
	"net/url"
	"runtime"
	"strings"

	"bookring/backend"
)

// MailSupport opens a new message in the user's mail program. The message names
// a failure, the version and the system, and no client. The recipient is empty,
// because the user knows the practice's technical support. Error: PageNotOpened.
func MailSupport(ctx context.Context, version, code string) error {
	code = backend.PlainText(code)
	message := url.Values{
		"subject": {backend.Say.Mail.Subject.With(code)},
		"body":    {backend.Say.Mail.Body.With(code, version, runtime.GOOS+"/"+runtime.GOARCH)},
	}
	// RFC 6068 has no + for a space.
	address := "mailto:?" + strings.ReplaceAll(message.Encode(), "+", "%20")
	if err := Browse(ctx, address, nil); err != nil {
		return backend.Fail(backend.PageNotOpened, backend.Say.Mail.Place, err)
	}
	return nil
}
