package oauth

import (
	"net/url"
	"strings"
	"unicode"

	"bookring/backend"
)

// The limits for a pasted text.
const (
	maxPasted    = 64 << 10
	maxQuestions = 50
	maxFragments = 200 // of a broken address
)

// Paste takes the address from the browser's address bar, for computers where the
// browser cannot reach the loopback address. Users, mail programs and terminals
// change the address: Paste finds the query in the text, and the state decides. The
// query passes the same checks as a request. Fails with PastedEmpty or
// PastedNotOurs; a failure changes no attempt.
func (a *Attempt) Paste(text string) error {
	if len(text) > maxPasted {
		return backend.Fail(backend.PastedNotOurs, "", nil)
	}
	all := fragments(text)
	if len(all) == 0 {
		return backend.Fail(backend.PastedEmpty, "", nil)
	}
	inner := fragments(text)
	for i := range inner {
		inner[i].text = nested(inner[i].text)
	}
	for _, parts := range [][]fragment{all, inner} {
		if other, ans, found := a.flow.search(parts); found && other.answer(ans) {
			return nil
		}
	}
	return backend.Fail(backend.PastedNotOurs, "", nil)
}

// nested returns the query of an address in a parameter of another address, or the first
// parameter. The other parameters belong to the outer address: login pages add an error or a
// code of their own.
func nested(text string) (query string) {
	for i, parameter := range strings.Split(text, "&") {
		plain, err := url.PathUnescape(parameter)
		if err != nil {
			continue
		}
		if at := strings.LastIndexByte(plain, '?'); at >= 0 {
			query = plain[at:]
		} else if i == 0 {
			query = plain
		}
	}
	return query
}

// fragment is a part of a pasted text without a character that no address holds.
type fragment struct {
	text  string
	line  int
	alone bool // the only fragment of its line
}

// continues reports whether f can continue an address that ends with before: f is
// the next line, without other words, or holds further parameters.
func (f fragment) continues(before fragment) bool {
	if strings.Contains(f.text, "://") {
		return false
	}
	return f.alone && f.line == before.line+1 || strings.Contains(f.text, "&") && strings.Contains(f.text, "=")
}

// ampersands are other spellings of & and escapes of a shell.
var ampersands = strings.NewReplacer(
	"&amp;", "&", "&AMP;", "&", "&#38;", "&", "&#x26;", "&", "&#X26;", "&", `\u0026`, "&", `\`, "",
	"\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n",
)

// fragments returns the fragments of a pasted text.
func fragments(text string) (all []fragment) {
	text = ampersands.Replace(ampersands.Replace(text)) // twice: &amp;amp;
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r): // zero-width spaces, soft hyphens, marks of direction
			return -1
		case r > ' ' && r <= '~' && !strings.ContainsRune("\"'<>`^{|}", r) || r == '\n': // RFC 3986 section 2
			return r
		}
		return ' '
	}, text)
	for number, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		for _, word := range words {
			all = append(all, fragment{text: word, line: number, alone: len(words) == 1})
		}
	}
	return all
}

// search returns the first answer with an attempt's state.
func (f *Flow) search(all []fragment) (*Attempt, answer, bool) {
	questions := 0
	for i, part := range all {
		for at, r := range part.text {
			if r != '?' {
				continue
			}
			if questions++; questions > maxQuestions {
				return nil, answer{}, false
			}
			if a, ans, found := f.readFrom(part.text[at+1:], all[i:]); found {
				return a, ans, true
			}
		}
	}
	for i, part := range all { // a query without an address
		if questions == 0 && strings.Contains(part.text, "=") {
			return f.readFrom(part.text, all[i:])
		}
	}
	return nil, answer{}, false
}

// readFrom reads the query that begins in the first fragment. A query may be broken
// into several fragments, and other words may follow: the shortest query with the
// state of an attempt counts. If the code is the last parameter of the query, the
// fragments that continue the query belong to the code.
func (f *Flow) readFrom(query string, all []fragment) (a *Attempt, ans answer, found bool) {
	for i := range min(len(all), maxFragments) {
		if i > 0 {
			if strings.Contains(all[i].text, "?") || found && !all[i].continues(all[i-1]) {
				break // the next address, or other words
			}
			query += all[i].text
		}
		if len(query) > maxQuery {
			break
		}
		if other, next, refusal := f.read(trim(query)); refusal == nil {
			a, ans, found = other, next, true
		}
	}
	return a, ans, found
}

// trim removes the fragment identifier and the punctuation of the words around.
func trim(query string) string {
	query, _, _ = strings.Cut(query, "#")
	return strings.Trim(query, ".,;:!?()[]*")
}
