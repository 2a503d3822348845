package sqlite

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// letters maps letters without a Unicode decomposition (Unicode Standard Annex 15) to the letters of a plain
// keyboard.
var letters = strings.NewReplacer(
	"ø", "o", "ł", "l", "đ", "d", "ð", "d", "ı", "i", "þ", "th", "æ", "ae", "œ", "oe", "ß", "ss",
)

var apostrophes = strings.NewReplacer("’", "'", "‘", "'")

// fold returns the form of a text for the order of the list: compatibility forms decomposed, marks removed,
// lower case. "ÉCOLE ﬁn" becomes "ecole fin". Search has a rule of its own, searchKey.
func fold(text string) string {
	// A chain has state and must not be shared by concurrent calls.
	plain := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)))
	folded, _, err := transform.String(plain, text)
	if err != nil {
		// Unreachable: neither step can fail.
		folded = text
	}
	return apostrophes.Replace(letters.Replace(strings.ToLower(folded)))
}
