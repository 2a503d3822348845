package desktop

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"unicode/utf8"

	"bookring/backend"
)

// OpenLog opens the log in folder: JSON lines, UTC, readable by this user only.
// A new file begins each day and at 1 MB; seven days and 5 MB are kept.
//
// What a line may say is limited twice. An attribute is written only if its
// key is on the list of known ones, and a value that is no number, time, text
// or error is not written at all; "dropped" takes its place. Everything that
// is written goes through [Redact].
//
// Close the Closer when nothing is logged any more. OpenLog fails with
// DataFolderFailed and the folder.
func OpenLog(folder string) (*slog.Logger, io.Closer, error) {
	file, err := openLogFile(folder)
	if err != nil {
		return nil, nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	return slog.New(slog.NewJSONHandler(file, &slog.HandlerOptions{ReplaceAttr: allow})), file, nil
}

// known are the keys that may be logged. None is for a name, an address, an
// id of Xero's, or a text that a person or Xero wrote.
var known = map[string]bool{
	slog.TimeKey: true, slog.LevelKey: true, slog.MessageKey: true,
	"added": true, "asked": true, "attempt": true, "back": true, "code": true, "commit": true, "done": true,
	"error": true, "generation": true, "known": true, "phase": true, "port": true, "signin": true, "slept": true,
	"status": true, "step": true, "system": true, "took": true, "total": true, "until": true, "version": true,
	"was": true,
}

func allow(_ []string, a slog.Attr) slog.Attr {
	if !known[a.Key] {
		return slog.String("dropped", "an unknown key")
	}
	switch a.Value.Kind() {
	case slog.KindBool, slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		return a
	case slog.KindTime:
		return slog.Time(a.Key, a.Value.Time().UTC())
	case slog.KindString, slog.KindDuration:
		return slog.String(a.Key, short(a.Value.String()))
	}
	switch v := a.Value.Any().(type) {
	case slog.Level:
		return a
	case backend.Code:
		return slog.String(a.Key, short(string(v)))
	case error:
		return slog.String(a.Key, short(fmt.Sprint(v)))
	}
	return slog.String("dropped", "a value of "+a.Key)
}

const maxValue = 1000

// short cuts after redaction: a token cut in half would not look like one.
func short(s string) string {
	s = Redact(s)
	if len(s) <= maxValue {
		return s
	}
	end := maxValue
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

const redacted = "[redacted]"

// secrets are what must never be in a log, in the order in which they are
// looked for.
var secrets = []*regexp.Regexp{
	// a secret's name, in a query, a form, JSON, or a Go value that was printed,
	// and everything after it: where a value ends is too easy to get wrong
	regexp.MustCompile(`(?is)(code|state|nonce|verifier|secret|password|assertion)(["'\\]+\s*:|\s*=|:\S|%3D).*`),
	regexp.MustCompile(`(?is)((refresh|access|id)_token|bearer\s|basic\s).*`),
	// an e-mail address, or a password in an address
	regexp.MustCompile(`(?i)\S*(@|%40)\S*`),
	// a JSON Web Token (RFC 7519), which begins with {" in base64url
	regexp.MustCompile(`[\w+-]*eyJ[\w.+-]*`),
	// anything else long and dense: base64, base64url or hexadecimal
	regexp.MustCompile(`[\w+-]{40,}=*`),
}

// Redact replaces what looks like a secret or an e-mail address: tokens, codes,
// states, long runs of base64 or hexadecimal. It takes too much rather than too
// little.
func Redact(s string) string {
	for _, secret := range secrets {
		s = secret.ReplaceAllString(s, redacted)
	}
	return s
}
