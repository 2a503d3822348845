package connect

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"bookring/backend"
)

// calendarFile returns a calendar (RFC 5545) with the expiry day of each sign-in and
// reminders 14 and 3 days before. A later file replaces the entries of an earlier one. The
// file names people and no clients. Fails with SignInEnded without a known expiry, because
// section 3.6 demands an entry.
func calendarFile(signIns []backend.SignIn, now time.Time) ([]byte, error) {
	var file calendar
	file.line("BEGIN:VCALENDAR")
	file.line("VERSION:2.0")
	file.line("PRODID:-//Bookring//Sign-ins//EN")
	file.line("METHOD:PUBLISH")
	events := 0
	for _, s := range signIns {
		if !s.SessionOnly && !s.RenewedAt.IsZero() {
			file.expiry(s, now)
			events++
		}
	}
	file.line("END:VCALENDAR")
	if events == 0 {
		return nil, backend.Fail(backend.SignInEnded, "", nil)
	}
	return file.text.Bytes(), nil
}

// calendar is a calendar file under construction.
type calendar struct{ text bytes.Buffer }

// reminderTriggers are at nine in the morning in the calendar's time zone: an all-day event
// begins at midnight.
var reminderTriggers = []string{"-P13DT15H", "-P2DT15H"}

func (f *calendar) expiry(s backend.SignIn, now time.Time) {
	until := s.ExpiresAt().In(now.Location())
	// A name from a changed database file can hold control characters, which section 3.1 forbids.
	summary := escaped(backend.Say.Calendar.Summary.With(backend.PlainText(s.Name)))
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
	for _, before := range reminderTriggers {
		f.line("BEGIN:VALARM")
		f.line("ACTION:DISPLAY")
		f.line("DESCRIPTION:" + summary)
		f.line("TRIGGER:" + before)
		f.line("END:VALARM")
	}
	f.line("END:VEVENT")
}

// escaped returns a text as a value (section 3.3.11).
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(text)
}

// longestLine is the limit of a line in octets, without the line's end (section 3.1).
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
