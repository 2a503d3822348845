package backend_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"bookring/backend"
)

func TestPlainTextRemovesControlAndInvisibleCharacters(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"an ordinary name", "Abernathy & Sons, Ltd.", "Abernathy & Sons, Ltd."},
		{"markup and formulas, which are text", `<b>=cmd|' /C calc'!A0</b>`, `<b>=cmd|' /C calc'!A0</b>`},
		{"accents", "Kererū Ó Briain Ngân hàng Việt", "Kererū Ó Briain Ngân hàng Việt"},
		{"accents as marks", "Ngo\u0302\u0323", "Ngo\u0302\u0323"},
		{"Hebrew and Arabic", "שלום חברה شركة", "שלום חברה شركة"},
		{"Chinese, Japanese, Korean", "株式会社 葛飾 한국", "株式会社 葛飾 한국"},
		{"nothing", "", ""},
		{"white space only", " \t\r\n\u00A0\u2003\u3000", ""},
		{"white space of every kind", "\tA\u00A0\u2009B\r\n\v\fC\u2028D\u3000", "A B C D"},
		{"blanks that are no space", "A\u2800\u2800B", "A B"},
		{"NUL and other controls", "A\x00B\x07C\x7FD\u0085E\u009BF", "ABCD EF"},
		{"terminal colours", "\x1b[31mred\x1b[0m", "[31mred[0m"},
		{"overrides of the direction", "\u202Eevil\u202C \u2066x\u2069 \u200Fy\u061C", "evil x y"},
		{"zero-width characters", "A\u200Bc\u2060m\uFEFFe\u00AD", "Acme"},
		{"a name of invisible letters", "\u3164\u115F\uFFA0\u034F", ""},
		{"invalid UTF-8", "A\xff\xc0\x80B\xe2\x82", "AB"},
		{"half of a surrogate pair", "A\xed\xa0\x80B", "AB"},
		{"the replacement character", "A\uFFFDB", "AB"},
		{"private and unassigned characters", "A\uE000\U0010FFFFB\uFFFE", "AB"},
		{"tags", "A\U000E0041\U000E0042", "A"},
		{"a pile of marks", "Z" + strings.Repeat("\u0351", 500) + "a", "Z\u0351\u0351\u0351\u0351a"},
		{"a mark on nothing", "\u0301A \u0301B", "A B"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := backend.PlainText(c.text); got != c.want {
				t.Errorf("%+q, want %+q", got, c.want)
			}
		})
	}
}

func TestPlainTextPreservesTheJoinersOfAWritingSystem(t *testing.T) {
	stays := map[string]string{
		"a Persian plural":             "شرکت\u200Cها",
		"a Hindi half letter":          "क्\u200Dष",
		"a Hindi letter kept whole":    "क्\u200Cष",
		"a Bengali ra before ya":       "র\u200D্যা",
		"a Sinhala conjunct":           "ශ්\u200Dරී",
		"a family":                     "👩\u200D👩\u200D👧 Daycare",
		"a heart on fire":              "❤\uFE0F\u200D🔥",
		"a fire-fighter with her skin": "👩🏽\u200D🚒",
		"a keycap":                     "1\uFE0F\u20E3",
		"a flag":                       "🇳🇿 Wool",
		"a symbol shown as text":       "☎\uFE0E 04",
	}
	for name, text := range stays {
		if got := backend.PlainText(text); got != text {
			t.Errorf("%s: %+q became %+q", name, text, got)
		}
	}
	goes := map[string]string{
		"A\u200Dc\u200Cme": "Acme", // Latin letters do not join
		"\u200Dک\u200C":    "ک",    // no letter to join
		"ک\u200C\u200Cک":   "ک\u200Cک",
		"ک\u200C ک":        "ک ک",
		"👩\u200DA":         "👩A",
		"👩\u200C👩":         "👩👩", // a non-joiner has no effect between emoji
		"A\uFE0F":          "A",
	}
	for text, want := range goes {
		if got := backend.PlainText(text); got != want {
			t.Errorf("%+q became %+q, want %+q", text, got, want)
		}
	}
}

func TestPlainTextIsAtMost200CharactersLong(t *testing.T) {
	for _, letter := range []string{"x", "ū", "株", "🧾"} {
		whole := strings.Repeat(letter, backend.MaxText)
		if got := backend.PlainText(whole); got != whole {
			t.Errorf("200 times %s are not kept", letter)
		}
		want := strings.Repeat(letter, backend.MaxText-1) + "…"
		for _, n := range []int{backend.MaxText + 1, 10_000, 1_000_000} {
			if got := backend.PlainText(strings.Repeat(letter, n)); got != want {
				t.Errorf("%d times %s became %d characters", n, letter, utf8.RuneCountInString(got))
			}
		}
	}
	family := strings.Repeat("👩\u200D", 200)
	if got := backend.PlainText(family + "👩"); !strings.HasSuffix(got, "👩…") {
		t.Errorf("a cut text ends with %+q", got[len(got)-8:])
	}
	if got := backend.PlainText("x" + strings.Repeat(" x", 200)); strings.HasSuffix(got, " …") {
		t.Error("a cut text ends with a space")
	}
}

func FuzzPlainText(f *testing.F) {
	for _, seed := range []string{
		"", "Abernathy & Sons", "\x1b[31m\x00", "\u202Eevil", "ک\u200Cک", "👩\u200D👩\uFE0F", "Z\u0351\u0351\u0351\u0351\u0351",
		"\xff\xfe", "A\u3164", strings.Repeat("x ", 300), strings.Repeat("👩\u200D", 300), "1\uFE0F\u20E3",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := backend.PlainText(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > backend.MaxText {
			t.Fatalf("%+q is not valid or too long", got)
		}
		if again := backend.PlainText(got); again != got {
			t.Fatalf("%+q becomes %+q the second time", got, again)
		}
		if strings.TrimSpace(got) != got || strings.Contains(got, "  ") {
			t.Fatalf("%+q has white space too many", got)
		}
		for _, r := range got {
			if r != '\u200C' && r != '\u200D' && !unicode.IsPrint(r) {
				t.Fatalf("%+q holds %U", got, r)
			}
		}
	})
}
