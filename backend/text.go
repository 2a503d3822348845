package backend

import (
	"unicode"
	"unicode/utf8"
)

const (
	// MaxText is the maximum length of a text from [PlainText], in characters.
	MaxText = 200
	// maxMarks limits the combining marks on one letter. Vietnamese needs two,
	// pointed Hebrew with accents four. A pile of marks would overlap other rows.
	maxMarks = 4
)

const (
	nonJoiner = '\u200C'
	joiner    = '\u200D'
	ellipsis  = '…'
	// brailleBlank has the category of a symbol and looks like a space.
	brailleBlank = '\u2800'
)

// PlainText makes a text from outside safe to show: valid UTF-8, no control,
// bidirectional-override or invisible characters, white space folded to single
// spaces, at most four marks on a letter, and at most [MaxText] characters. A
// longer text is cut and ends with an ellipsis.
//
// Three invisible characters remain where the writing system needs them: joiner
// and non-joiner between letters of joining scripts (Persian, Hindi), the joiner
// between the parts of an emoji, and the variation selector after a symbol.
//
// PlainText does not escape markup. PlainText returns a plain text unchanged.
func PlainText(s string) string {
	var p plain
	for _, r := range s {
		if p.add(r); len(p.text) > MaxText {
			break
		}
	}
	if len(p.text) > MaxText {
		p.text = p.text[:MaxText-1]
		for unfinished(p.text[len(p.text)-1]) {
			p.text = p.text[:len(p.text)-1]
		}
		p.text = append(p.text, ellipsis)
	}
	return string(p.text)
}

// unfinished reports whether a text must not end with r.
func unfinished(r rune) bool { return r == joiner || r == nonJoiner || r == ' ' }

// plain builds a plain text from one character after another.
type plain struct {
	text []rune
	// held is a space, joiner or non-joiner. The next character decides whether
	// held becomes part of the text.
	held  rune
	marks int // on the last letter
}

func (p *plain) add(r rune) {
	switch {
	case unicode.IsSpace(r), r == brailleBlank:
		if len(p.text) > 0 {
			p.held = ' '
		}
	case r == joiner, r == nonJoiner:
		if p.held == 0 && len(p.text) > 0 && joins(p.last(), r) {
			p.held = r
		}
	case r == utf8.RuneError, !unicode.IsPrint(r), invisible(r) && !p.selects(r):
		// Dropped. IsPrint is false for controls and for all format characters
		// (Cf), including the bidirectional controls and most invisible characters.
	case unicode.Is(unicode.M, r):
		p.mark(r)
	default:
		p.letter(r)
	}
}

// mark adds a combining mark to the last letter. A mark without a letter would
// combine with the text beside the name.
func (p *plain) mark(r rune) {
	if len(p.text) == 0 || p.held == ' ' || p.marks == maxMarks {
		return
	}
	p.addHeld(r)
	p.text = append(p.text, r)
	p.marks++
}

func (p *plain) letter(r rune) {
	p.addHeld(r)
	p.text = append(p.text, r)
	p.marks = 0
}

// addHeld adds the held character, if r needs the held character.
func (p *plain) addHeld(r rune) {
	if p.held == ' ' || p.held != 0 && joins(r, p.held) {
		p.text = append(p.text, p.held)
	}
	p.held = 0
}

func (p *plain) last() rune { return p.text[len(p.text)-1] }

// invisible reports letters and marks of no width, such as the Hangul fillers.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// selects reports whether r is a variation selector after a symbol: the choice
// between text and emoji.
func (p *plain) selects(r rune) bool {
	if r != '\uFE0E' && r != '\uFE0F' || len(p.text) == 0 {
		return false
	}
	before := p.last()
	return unicode.IsSymbol(before) || unicode.IsPunct(before) || unicode.IsDigit(before)
}

// joining are the scripts in which a joiner or non-joiner changes the form of
// the letters beside (Unicode Standard, sections 9.2 and 12.1).
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya,
	unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
}

// joins reports whether the joiner or non-joiner "with" has an effect beside r.
func joins(r, with rune) bool {
	emoji := unicode.IsSymbol(r) || r == '\uFE0F' // 👩 and ❤️, with the tones of skin
	return unicode.In(r, joining...) || with == joiner && emoji
}
