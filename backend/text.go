package backend

import (
	"unicode"
	"unicode/utf8"
)

const (
	// MaxText is the most characters that [PlainText] keeps.
	MaxText = 200
	// maxMarks is the most marks on one letter. Vietnamese has two, pointed
	// Hebrew with its accents four; a pile of them climbs out of its row.
	maxMarks = 4
)

const (
	nonJoiner = '\u200C'
	joiner    = '\u200D'
	ellipsis  = '…'
	// brailleBlank is a symbol by its category and a space to the eye.
	brailleBlank = '\u2800'
)

// PlainText makes a text that came from outside fit to be shown: valid UTF-8,
// no control, bidirectional-override or invisible characters, white space
// folded to single spaces, at most four marks on a letter, and at most
// [MaxText] characters, with an ellipsis as the last if there were more.
//
// Two invisible characters stay where a language needs them to be written
// right: the joiner and the non-joiner between letters of scripts that join
// (Persian, Hindi), and the joiner between the parts of an emoji. So does the
// variation selector that makes a symbol an emoji.
//
// PlainText does not escape; whoever writes markup does. A text that is plain
// already is returned as it is.
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

// unfinished reports that a text cannot end with r.
func unfinished(r rune) bool { return r == joiner || r == nonJoiner || r == ' ' }

// plain is a text that grows by what is fit to be shown.
type plain struct {
	text []rune
	// held is a space, joiner or non-joiner that waits for what follows; only
	// that tells whether it stays.
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
		// IsPrint refuses controls and every format character (Cf), which holds
		// the bidirectional ones and most of what is invisible.
	case unicode.Is(unicode.M, r):
		p.mark(r)
	default:
		p.letter(r)
	}
}

// mark adds a combining mark to the letter before it. One without a letter
// would sit on whatever the text is shown beside.
func (p *plain) mark(r rune) {
	if len(p.text) == 0 || p.held == ' ' || p.marks == maxMarks {
		return
	}
	p.keepHeld(r)
	p.text = append(p.text, r)
	p.marks++
}

func (p *plain) letter(r rune) {
	p.keepHeld(r)
	p.text = append(p.text, r)
	p.marks = 0
}

// keepHeld adds what was held, if it has something to do before r.
func (p *plain) keepHeld(r rune) {
	if p.held == ' ' || p.held != 0 && joins(r, p.held) {
		p.text = append(p.text, p.held)
	}
	p.held = 0
}

func (p *plain) last() rune { return p.text[len(p.text)-1] }

// invisible reports characters that take no room although they are letters or
// marks, such as the Hangul fillers.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// selects reports that r chooses between a symbol before it and its emoji.
func (p *plain) selects(r rune) bool {
	if r != '\uFE0E' && r != '\uFE0F' || len(p.text) == 0 {
		return false
	}
	before := p.last()
	return unicode.IsSymbol(before) || unicode.IsPunct(before) || unicode.IsDigit(before)
}

// joining are the scripts in which a joiner or non-joiner changes how the
// letters beside it are written (Unicode Standard, sections 9.2 and 12.1).
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya,
	unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
}

// joins reports whether a joiner or non-joiner has something to do beside r.
func joins(r, with rune) bool {
	emoji := unicode.IsSymbol(r) || r == '\uFE0F' // 👩 and ❤️, with the tones of skin
	return unicode.In(r, joining...) || with == joiner && emoji
}
