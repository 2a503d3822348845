package desktop

import (
	"context"
	"net/url"
	"strings"

	"bookring/backend"
)

// MailSupport opens a new message in the user's mail program. The message names
// a failure, the version and the system, and no client. The recipient is empty,
// because the user knows the practice's technical support. Error: PageNotOpened.
func MailSupport(ctx context.Context, version, code string) error {
	subject, body := supportMail(version, backend.PlainText(code))
	message := url.Values{"subject": {subject}, "body": {body}}
	// RFC 6068 has no + for a space.
	address := "mailto:?" + strings.ReplaceAll(message.Encode(), "+", "%20")
	if err := Browse(ctx, address); err != nil {
		return backend.Fail(backend.PageNotOpened, mailPlace, err)
	}
	return nil
}
