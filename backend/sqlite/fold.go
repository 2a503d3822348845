package sqlite

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// replacements maps letters without a Unicode decomposition (Unicode Standard Annex 15), and typographic
// apostrophes, to the characters of a plain keyboard.
var replacements = strings.NewReplacer(
	"ø", "o", "ł", "l", "đ", "d", "ð", "d", "ı", "i", "þ", "th",
	"æ", "ae", "œ", "oe", "ß", "ss", "’", "'", "‘", "'",
)

// fold returns the form of a text for search and order: compatibility forms decomposed, marks removed, lower
// case. "ÉCOLE ﬁn" becomes "ecole fin".
func fold(text string) string {
	// A chain has state and must not be shared by concurrent calls.
	plain := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)))
	folded, _, err := transform.String(plain, text)
	if err != nil {
		// Unreachable: neither step can fail.
		folded = text
	}
	return replacements.Replace(strings.ToLower(folded))
}
