package sqlite

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// letters are what a person types for letters that Unicode does not take
// apart (Unicode Standard Annex 15), and for the apostrophe that a telephone
// makes.
var letters = strings.NewReplacer(
	"ø", "o", "ł", "l", "đ", "d", "ð", "d", "ı", "i", "þ", "th",
	"æ", "ae", "œ", "oe", "ß", "ss", "’", "'", "‘", "'",
)

// fold returns text as it is searched and ordered by: compatibility forms
// taken apart, marks dropped, lower case. "ÉCOLE ﬁn" becomes "ecole fin".
func fold(text string) string {
	// A chain keeps state, so each call has its own.
	plain := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)))
	folded, _, err := transform.String(plain, text)
	if err != nil {
		// Neither step can fail; unfolded, the text is still found as it is written.
		folded = text
	}
	return letters.Replace(strings.ToLower(folded))
}
