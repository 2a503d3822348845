package desktop

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"

	"bookring/backend"
)

// OpenLog opens the log in folder: JSON lines, UTC, readable by the current user
// only. A new file begins each day and at 1 MB; the log retains seven days and
// 5 MB.
//
// A line is limited twice. An attribute needs a known key, and a value must be a
// number, boolean, time, text or error; "dropped" replaces any other attribute or
// value. Every text passes through [Redact].
//
// Close the Closer after the last line. Error: DataFolderFailed with the folder.
func OpenLog(folder string) (*slog.Logger, io.Closer, error) {
	file, err := openLogFile(folder)
	if err != nil {
		return nil, nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	return slog.New(slog.NewJSONHandler(file, &slog.HandlerOptions{ReplaceAttr: allow})), file, nil
}

// knownKeys are the keys allowed in the log. No key is for a name, an address, a
// Xero ID, or a text written by a person or by Xero.
var knownKeys = map[string]bool{
	slog.TimeKey: true, slog.LevelKey: true, slog.MessageKey: true,
	"added": true, "asked": true, "attempt": true, "back": true, "code": true, "commit": true, "cut": true, "done": true,
	"error": true, "generation": true, "known": true, "odd": true, "phase": true, "port": true, "signin": true, "slept": true,
	"status": true, "step": true, "system": true, "took": true, "total": true, "until": true, "version": true,
	"was": true,
}

func allow(_ []string, a slog.Attr) slog.Attr {
	if !knownKeys[a.Key] {
		return slog.String("dropped", "an unknown key")
	}
	switch a.Value.Kind() {
	case slog.KindBool, slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		return a
	case slog.KindTime:
		return slog.Time(a.Key, a.Value.Time().UTC())
	case slog.KindString, slog.KindDuration:
		return slog.String(a.Key, shorten(a.Value.String()))
	}
	switch v := a.Value.Any().(type) {
	case slog.Level:
		return a
	case backend.Code:
		return slog.String(a.Key, shorten(string(v)))
	case error:
		return slog.String(a.Key, shorten(fmt.Sprint(v)))
	}
	return slog.String("dropped", "a value of "+a.Key)
}

const maxLogValue = 1000

// shorten redacts before cutting, because Redact would miss half a token.
func shorten(s string) string {
	s = strings.Map(visible, Redact(s))
	if len(s) <= maxLogValue {
		return s
	}
	end := maxLogValue
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// visible replaces characters that a terminal or an editor would obey and JSON does not
// escape: 8-bit control sequences, and marks for the direction of writing.
func visible(r rune) rune {
	const lastEscaped = 0x1f // JSON escapes line ends and the escape character
	if r > lastEscaped && r != ' ' && !unicode.IsPrint(r) {
		return utf8.RuneError
	}
	return r
}
