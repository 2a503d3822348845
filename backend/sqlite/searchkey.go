package sqlite

import (
	"slices"
	"strings"
	"unicode"

	"bookring/backend"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// searchVersion is the version of the rule for search keys. Raise the number with every change of searchKey:
// [Register.Tidy] then computes the stored keys anew.
const searchVersion = 1

// accents are accents typed as apostrophes. The decomposition of an accent is a space and a mark.
var accents = strings.NewReplacer("´", "'", "΄", "'", "˝", "\"")

// splitters are the characters inside a word that people leave out, or type as a space: "Co-op", "Coop" and
// "Co op"; "O’Brien"; "A.B.C."; "T/A".
const splitters = "-'./"

// variants are other words for a word of a company's name: a search for "Limited" finds "Ltd", and the other
// way round.
var variants = map[string][]string{
	"ltd": {"limited"}, "limited": {"ltd"},
	"pty": {"proprietary"}, "proprietary": {"pty"},
	"co": {"company"}, "company": {"co"},
	"inc": {"incorporated"}, "incorporated": {"inc"},
	"corp": {"corporation"}, "corporation": {"corp"},
	"bros": {"brothers"}, "brothers": {"bros"},
	"st": {"saint", "street"}, "saint": {"st"},
	"mt": {"mount"}, "mount": {"mt"},
	ampersand: {"and"},
}

// ampersand is a word of its own: a search for "&" finds the words "&" and "and", but not "Sandpiper".
const ampersand = "&"

// searchKey returns the search key of a name: each word joined and split, the word's variants, and last the
// marks. Every word stands between two spaces. "O’Brien & Sons Ltd" becomes
// " obrien o brien & and sons ltd limited ' ".
func searchKey(name string) string {
	words, marks := searchWords(name)
	var all []string
	for _, word := range words {
		all = append(all, word.forms()...)
		all = append(all, variants[word.joined()]...)
	}
	return " " + strings.Join(append(all, marks...), " ") + " "
}

// searchWord is a word of a name or a query, split at its splitters.
type searchWord []string

func (w searchWord) joined() string { return strings.Join(w, "") }

// forms returns the joined word and, if different, the split word.
func (w searchWord) forms() []string {
	if len(w) == 1 {
		return w
	}
	return []string{w.joined(), strings.Join(w, " ")}
}

// searchTerms returns the terms of a query. A name matches if the name's search key holds, for each term, one
// of the term's forms. A query without words, such as "–", searches for its marks.
func searchTerms(query string) (terms [][]string) {
	// Stored names are plain text: a pasted name must become plain text too to match. PlainText also bounds
	// the number of words.
	words, marks := searchWords(backend.PlainText(query))
	for _, word := range words {
		forms := word.forms()
		if word.joined() == ampersand {
			forms = []string{" and ", " & "}
		}
		terms = append(terms, forms)
	}
	if len(terms) == 0 {
		for _, mark := range marks {
			terms = append(terms, []string{" " + mark + " "})
		}
	}
	return terms
}

// searchWords splits a text into words, and lists the marks of the text, each once. Search keys and queries
// share searchWords: that is the one rule for equal characters.
func searchWords(text string) (words []searchWord, marks []string) {
	seen := map[rune]bool{}
	text = strings.ReplaceAll(searchFold(text), ampersand, " & ")
	for token := range strings.FieldsSeq(strings.Map(plainKeyboard(seen), text)) {
		parts := strings.FieldsFunc(token, func(r rune) bool { return strings.ContainsRune(splitters, r) })
		if len(parts) > 0 {
			words = append(words, parts)
		}
	}
	for r := range seen {
		marks = append(marks, string(r))
	}
	slices.Sort(marks)
	return words, marks
}

// plainKeyboard returns a mapping to the characters of a plain keyboard. Brackets, quotation marks, commas,
// colons and semicolons become spaces. seen collects these characters and the splitters.
func plainKeyboard(seen map[rune]bool) func(rune) rune {
	return func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r), strings.ContainsRune("−⁃˗➖", r):
			r = '-'
		case strings.ContainsRune("’‘‛‚′‵ʹʻʼʽʾʿˈˊˋ`❛❜", r):
			r = '\''
		case strings.ContainsRune("“”„‟″‶ˮ«»‹›❝❞", r):
			r = '"'
		case strings.ContainsRune("⁄∕", r):
			r = '/'
		}
		space := unicode.In(r, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf) || strings.ContainsRune("\",;:", r)
		if space || strings.ContainsRune(splitters, r) {
			seen[r] = true
		}
		if space {
			return ' '
		}
		return r
	}
}

// searchFold returns a text without differences of case, width, accents, ligatures and spaces. Invisible
// characters, such as the soft hyphen, disappear.
func searchFold(text string) string {
	// A chain has state and must not be shared by concurrent calls.
	plain := transform.Chain(norm.NFKD, cases.Fold(), norm.NFKD, runes.Remove(runes.In(unicode.Mn)), runes.Remove(runes.In(unicode.Cf)))
	folded, _, err := transform.String(plain, accents.Replace(text))
	if err != nil {
		// Unreachable: no step can fail.
		folded = strings.ToLower(text)
	}
	return letters.Replace(folded)
}
