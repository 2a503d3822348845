package oauth_test

import (
	"strings"
	"testing"
	"time"

	"bookring/backend"

	"golang.org/x/net/html"
)

// shows returns the page for an outcome.
func (s *scene) shows(o backend.Outcome) answer {
	s.t.Helper()
	a := s.begin()
	port := portOf(s.t, a)
	there := s.get(port, "/callback?error=x&state="+param(s.t, a.Link(), "state"))
	a.Show(backend.End{Outcome: &o}, s.again)
	return s.get(port, there.header.Get("Location"))
}

func organisations(names ...string) (all []backend.Organisation) {
	for _, n := range names {
		all = append(all, backend.Organisation{Name: backend.PlainText(n)})
	}
	return all
}

func TestThePageNamesEveryKindOfOutcome(t *testing.T) {
	s := alone(t)
	for _, c := range []struct {
		outcome backend.Outcome
		want    []string
	}{
		{
			backend.Outcome{Changes: backend.Changes{Added: organisations("Aster"), Total: 1}},
			[]string{"Aster is connected 1 organisation is connected now.", "Aster connected just now"},
		},
		{
			backend.Outcome{Changes: backend.Changes{Reconnected: organisations("Aster"), AlreadyConnected: organisations("Birch"), Total: 2}},
			[]string{"Aster is connected again 2 organisations are connected now."},
		},
		{
			backend.Outcome{Changes: backend.Changes{Added: organisations("Aster"), Reconnected: organisations("Birch"), Total: 9}},
			[]string{"2 organisations are connected", "Aster connected just now Birch connected again"},
		},
		{
			backend.Outcome{Changes: backend.Changes{AlreadyConnected: organisations("Aster"), Total: 9}},
			[]string{"Aster was connected already", "Aster connected already"},
		},
		{
			backend.Outcome{Changes: backend.Changes{AlreadyConnected: organisations("Aster", "Aster"), Total: 9}},
			[]string{"These organisations were connected already", "Aster connected already Aster connected already"},
		},
		{
			backend.Outcome{Changes: backend.Changes{Total: 9}, Others: []backend.Connection{{Name: "Aster & Co", Type: "PRACTICE"}}},
			[]string{"No organisation was connected", "Aster & Co not an organisation, so not listed"},
		},
		{
			backend.Outcome{SignIn: backend.SignIn{Name: "Jo"}, Expected: &backend.Expected{SignIn: backend.SignIn{Name: "Sam"}}, Changes: backend.Changes{Added: organisations("Aster"), Total: 9}},
			[]string{"Signed in as Jo . Last time it was Sam ."},
		},
		{
			backend.Outcome{Changes: backend.Changes{Added: organisations(make([]string, 130)...), Total: 130}},
			[]string{"130 organisations are connected", "and 30 more"},
		},
	} {
		text := s.shows(c.outcome).text()
		for _, want := range append(c.want, "Connect another organisation", "The button works until ") {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in %q", want, text)
			}
		}
	}
}

func TestThePageNamesTheSignedInAndTheExpectedPerson(t *testing.T) {
	s := alone(t)
	sam := backend.SignIn{Name: "Sam <b>"}
	for _, c := range []struct {
		expected  backend.Expected
		back      []backend.Organisation
		want, not []string
	}{
		{
			backend.Expected{SignIn: sam, Asked: true, Unreached: 3},
			nil,
			[]string{"Signed in as Jo , not as Sam <b>", "3 organisations still wait for Sam <b> . Sign out at Xero", "Sign in again as Sam <b>"},
			[]string{"Connect another", "through this sign-in"},
		},
		{
			backend.Expected{SignIn: sam, Asked: true, Reconnected: 1, Unreached: 1},
			organisations("Aster"),
			[]string{"1 organisation is connected through this sign-in now.", "1 organisation still waits for Sam <b>", "Aster connected again"},
			[]string{"Connect another"},
		},
		{
			backend.Expected{SignIn: sam, Asked: true},
			nil,
			[]string{"not as Sam <b>", "Nothing was changed for Sam <b>", "Sign in again as Sam <b>"},
			[]string{" 0 organisations", "Connect another"},
		},
		{
			backend.Expected{SignIn: sam, Asked: true, Reconnected: 2},
			organisations("Aster", "Birch"),
			[]string{"Signed in as Jo , not as Sam <b>", "2 organisations are connected through this sign-in now.", "Connect another organisation"},
			[]string{"wait for", "Sign in again as"},
		},
	} {
		text := s.shows(backend.Outcome{
			SignIn: backend.SignIn{Name: "Jo"}, Expected: &c.expected,
			Changes: backend.Changes{Reconnected: c.back, Total: 9},
		}).text()
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in %q", want, text)
			}
		}
		for _, not := range c.not {
			if strings.Contains(text, not) {
				t.Errorf("%q is in %q", not, text)
			}
		}
	}
}

// hostileNames are names that a page must not interpret.
func hostileNames(n int) (names []string) {
	seeds := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</title><svg onload=alert(1)>`, `' onmouseover='alert(1)`, `javascript:alert(1)`,
		`{{.Again}}`, `{{template "page"}}`, `&lt;b&gt;`, `&#x202e;`, `<!-- `, `]]>`, `</style><style>*{display:none}`, `<a href="https://evil.example">here</a>`,
		`<meta http-equiv=refresh content=0;url=//evil.example>`, `<base href=//evil.example>`, `<bdo dir=rtl>`, "\u202eevil\u202c", "\u2066a\u2069\u200b\u200f", "a\x00b\x1b[31m",
		"two\r\nlines\u2028three", "=cmd|' /C calc'!A0", "@SUM(1)", "שלום חברה בע״מ", "شركة المثال", strings.Repeat("x", 10_000), strings.Repeat("W ", 5_000),
		strings.Repeat("﷽", 300), "Z" + strings.Repeat("\u0321\u033a", 500), "\xff\xfe\xc0", "👩‍👩‍👧‍👦", "<", "&", `"`, "`", "\\", "%00", "</ul></main></body></html>",
	}
	for i := range n {
		names = append(names, seeds[i%len(seeds)]+strings.Repeat(" ", i%3)+seeds[i/len(seeds)%len(seeds)])
	}
	return names
}

func TestHostileNamesRemainText(t *testing.T) {
	s := alone(t)
	names := hostileNames(500)
	for i := 0; i < len(names); i += 50 {
		some := organisations(names[i : i+50]...)
		page := s.shows(backend.Outcome{SignIn: backend.SignIn{Name: some[0].Name}, Expected: &backend.Expected{SignIn: backend.SignIn{Name: some[1].Name}}, Changes: backend.Changes{Added: some, Total: 50}})
		one := s.shows(backend.Outcome{Changes: backend.Changes{Added: some[:1], Total: 1}})
		if got := bdi(t, one); len(got) != 2 || got[0] != some[0].Name || got[1] != some[0].Name {
			t.Errorf("%q became %q", some[0].Name, got)
		}
		got := bdi(t, page)[2:] // after the names of the two people
		for j, o := range some {
			if got[j] != o.Name {
				t.Errorf("%q became %q", o.Name, got[j])
			}
		}
	}
}

// bdi returns the texts of the bdi elements: the names.
func bdi(t *testing.T, page answer) (texts []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data != "bdi" || n.Type != html.ElementNode {
			continue
		}
		text := ""
		for c := range n.ChildNodes() {
			if c.Type != html.TextNode {
				t.Errorf("an element <%s> in a name", c.Data)
			}
			text += c.Data
		}
		texts = append(texts, text)
	}
	return texts
}

func TestAPageWithoutAnOfferHasNoLinkAndIsServedOnce(t *testing.T) {
	s := alone(t)
	a := s.begin()
	port := portOf(t, a)
	there := s.get(port, "/callback?error=x&state="+param(t, a.Link(), "state"))
	o := backend.Outcome{Changes: backend.Changes{Added: organisations("Aster"), Total: 1}}
	a.Show(backend.End{Outcome: &o}, nil)
	a.Show(backend.End{Failure: backend.Fail(backend.Refused, "", nil)}, s.again) // the first end counts
	if page := s.get(port, there.header.Get("Location")); page.link() != "" || !strings.Contains(page.text(), "Aster is connected") {
		t.Errorf("the page says %q", page.text())
	}
	refusedWithin(t, port, time.Second)
}

func TestThePageBeforeTheEndReloadsByItself(t *testing.T) {
	s := alone(t)
	a := s.begin()
	port := portOf(t, a)
	path := s.get(port, "/callback?error=x&state="+param(t, a.Link(), "state")).header.Get("Location")
	reading := s.get(port, path)
	if reading.header.Get("Refresh") != "1" || !strings.Contains(reading.text(), "Bookring is reading what was connected") {
		t.Errorf("the page says %q", reading.text())
	}
	a.Show(backend.End{Failure: backend.Fail(backend.Refused, "", nil)}, nil)
	if page := s.get(port, path); page.header.Get("Refresh") != "" || !strings.Contains(page.text(), "Access was not allowed") {
		t.Errorf("then it says %q", page.text())
	}
}
