package connect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"bookring/backend"
)

// Calendar returns a calendar file (RFC 5545) with the day on which each
// sign-in ends unless it is renewed, and a reminder 14 and 3 days before. A file
// that is saved later replaces the entries of an earlier one. It holds the
// people's names and no client's. Fails with SignInEnded if no date is known.
func (c *Connector) Calendar(ctx context.Context) ([]byte, error) {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	var file calendar
	file.line("BEGIN:VCALENDAR")
	file.line("VERSION:2.0")
	file.line("PRODID:-//Bookring//Sign-ins//EN")
	file.line("METHOD:PUBLISH")
	events := 0
	for _, s := range signIns {
		if !s.SessionOnly && !s.RenewedAt.IsZero() {
			file.ending(s, c.Now())
			events++
		}
	}
	file.line("END:VCALENDAR")
	if events == 0 { // section 3.6 asks for one at least
		return nil, backend.Fail(backend.SignInEnded, "", nil)
	}
	return file.text.Bytes(), nil
}

// calendar is a calendar file as it is written.
type calendar struct{ text bytes.Buffer }

// Reminders come at nine in the morning, in the calendar's own time: a day that
// is an event begins at midnight.
var reminders = []string{"-P13DT15H", "-P2DT15H"}

func (f *calendar) ending(s backend.SignIn, now time.Time) {
	until := s.ExpiresAt().In(now.Location())
	summary := escaped(backend.Say.Calendar.Summary.With(s.Name))
	name := sha256.Sum256([]byte(s.String()))
	f.line("BEGIN:VEVENT")
	f.line("UID:" + hex.EncodeToString(name[:16]) + "@bookring")
	f.line("DTSTAMP:" + now.UTC().Format("20060102T150405Z"))
	f.line(fmt.Sprint("SEQUENCE:", s.RenewedAt.Unix()/60)) // grows with every renewal
	f.line("DTSTART;VALUE=DATE:" + until.Format("20060102"))
	f.line("DTEND;VALUE=DATE:" + until.AddDate(0, 0, 1).Format("20060102"))
	f.line("SUMMARY:" + summary)
	f.line("DESCRIPTION:" + escaped(backend.Say.Calendar.Description))
	f.line("TRANSP:TRANSPARENT")
	for _, before := range reminders {
		f.line("BEGIN:VALARM")
		f.line("ACTION:DISPLAY")
		f.line("DESCRIPTION:" + summary)
		f.line("TRIGGER:" + before)
		f.line("END:VALARM")
	}
	f.line("END:VEVENT")
}

// escaped is a text as a value (section 3.3.11).
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(text)
}

// longestLine is in octets, without the line's end (section 3.1).
const longestLine = 75

// line writes a content line, folded between characters.
func (f *calendar) line(text string) {
	for room := longestLine; len(text) > room; room = longestLine - 1 {
		end := room
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		f.text.WriteString(text[:end] + "\r\n ")
		text = text[end:]
	}
	f.text.WriteString(text + "\r\n")
}
