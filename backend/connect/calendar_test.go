package connect_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
)

// calendar returns the values of a calendar file by property name. Every line must follow
// RFC 5545.
func (d *desk) calendar() map[string][]string {
	d.t.Helper()
	file, err := d.Calendar(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	text := string(file)
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") || strings.Count(text, "\r") != strings.Count(text, "\r\n") {
		d.t.Error("lines that do not end in CR LF")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			d.t.Errorf("line of %d octets, or cut inside a character: %q", len(line), line)
		}
	}
	values := map[string][]string{}
	unfolded := strings.ReplaceAll(text, "\r\n ", "")
	for line := range strings.SplitSeq(strings.TrimSuffix(unfolded, "\r\n"), "\r\n") {
		name, value, found := strings.Cut(line, ":")
		if !found {
			d.t.Errorf("no value: %q", line)
		}
		values[name] = append(values[name], value)
	}
	return values
}

func TestCalendarFileHoldsTheDayOfExpiry(t *testing.T) {
	auckland := time.FixedZone("NZDT", 13*3600)
	d := newDesk(t, simxero.Demo())
	utc := d.Now
	d.Now = func() time.Time { return utc().In(auckland) }
	d.launch()
	d.connect(jo, vets)
	// 20:30 in UTC is the next day in New Zealand.
	renewed := time.Date(2026, 11, 22, 20, 30, 15, 0, time.UTC)
	if err := d.ports.Register.SaveRenewal(t.Context(), d.key(jo), renewed); err != nil {
		t.Fatal(err)
	}
	got := d.calendar()
	for name, want := range map[string]string{
		"BEGIN":              "VCALENDAR VEVENT VALARM VALARM",
		"END":                "VALARM VALARM VEVENT VCALENDAR",
		"VERSION":            "2.0",
		"DTSTART;VALUE=DATE": "20270122",
		"DTEND;VALUE=DATE":   "20270123",
		"TRIGGER":            "-P13DT15H -P2DT15H",
		"ACTION":             "DISPLAY DISPLAY",
	} {
		same(t, name, strings.Join(got[name], " "), want)
	}
	if at, err := time.Parse("20060102T150405Z", got["DTSTAMP"][0]); err != nil || d.Now().Sub(at).Abs() > time.Minute {
		t.Errorf("made at %v, %v", at, err)
	}
	same(t, "summary", got["SUMMARY"], []string{"Bookring: sign-in of Jo Whitmore ends unless renewed"})
	if uid := got["UID"][0]; strings.Contains(uid, d.key(jo).UserID) || len(uid) > 50 {
		t.Errorf("UID %s", uid)
	}
}

func TestLaterCalendarFileReplacesEarlierEntries(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	first := d.calendar()
	same(t, "different UIDs", first["UID"][0] != first["UID"][1], true)
	d.advance(10 * day)
	d.check()
	second := d.calendar()
	same(t, "UID", second["UID"], first["UID"])
	for i := range first["UID"] {
		same(t, "later", second["DTSTART;VALUE=DATE"][i] > first["DTSTART;VALUE=DATE"][i], true)
		same(t, "newer", second["SEQUENCE"][i] > first["SEQUENCE"][i], true)
	}
}

func TestCalendarFileEscapesAndFoldsAnyName(t *testing.T) {
	w := simxero.Demo()
	i := slices.IndexFunc(w.People, func(p simxero.Person) bool { return p.Name() == jo })
	w.People[i].GivenName, w.People[i].FamilyName = `Ngāti; "Porou", \Jo\`, strings.Repeat("かきく🔑", 15)
	d := launch(t, w)
	d.connect(w.People[i].Name(), vets)
	rows, err := d.SignIns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := rows[0].Name
	summary := d.calendar()["SUMMARY"][0]
	for raw, want := range map[string]string{`;`: `\;`, `,`: `\,`, `\`: `\\`} {
		same(t, raw, strings.Count(summary, want), strings.Count(name, raw))
	}
	unescaped := strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\,`, `,`).Replace(summary)
	same(t, "summary", unescaped, "Bookring: sign-in of "+name+" ends unless renewed")
}

func TestCalendarWithoutAnExpiryFails(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.UseThisSessionOnly()
	d.connect(jo, vets)
	d.hasState(jo, view.StateSession, "")
	_, err := d.Calendar(t.Context())
	same(t, "failure", backend.AsFailure(err).Code, backend.SignInEnded)
}

// The database file can be changed by another program.
func TestNoNameCanAddALineToTheCalendarFile(t *testing.T) {
	for _, hostile := range append([]string{"a\x00b\x0bc\x7f\u0085\u2028d", "x\r\n y\rz\n", "\xff\xfe"}, hostileNames...) {
		d := launch(t, simxero.Demo())
		d.connect(jo, vets)
		d.rename(jo, hostile)
		got := d.calendar()
		for property, number := range map[string]int{"BEGIN": 4, "END": 4, "SUMMARY": 1, "DESCRIPTION": 3, "UID": 1} {
			same(t, property, len(got[property]), number)
		}
		for property, values := range got {
			for _, value := range values {
				if strings.ContainsFunc(property+value, func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }) {
					t.Errorf("%q: %s holds %q", hostile, property, value)
				}
			}
		}
	}
}

// rename changes a person's name in the database file.
func (d *desk) rename(from, to string) {
	d.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, sqlite.FileName)+"?_busy_timeout=5000")
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(d.t.Context(), "UPDATE sign_ins SET name = ? WHERE name = ?", to, from); err != nil {
		d.t.Fatal(err)
	}
}
