package backend

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the most characters that [PlainText] keeps.
const MaxText = 200

// PlainText makes a text that came from outside fit to be shown: valid UTF-8,
// no control, bidirectional-override or zero-width characters, white space
// folded to single spaces, at most [MaxText] characters with an ellipsis as
// the last. It does not escape; whoever writes markup does.
func PlainText(s string) string {
	var b strings.Builder
	space, n, marks := false, 0, 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = n > 0
			continue
		case r == utf8.RuneError, !unicode.IsPrint(r):
			// IsPrint refuses controls and every format character (Cf), which
			// holds the bidirectional and zero-width ones.
			continue
		case unicode.Is(unicode.M, r):
			// A pile of combining marks would climb out of its row.
			if marks++; marks > 4 {
				continue
			}
		default:
			marks = 0
		}
		if space {
			b.WriteByte(' ')
			space = false
			n++
		}
		if n >= MaxText-1 {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
