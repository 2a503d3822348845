package xero_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"bookring/backend"
	"bookring/backend/xero"
)

// The example of Xero's OpenAPI description.
const documented = `[ { "id": "7cb59f93-2964-421d-bb5e-a0f7a4572a44", "tenantId": "fe79f7dd-b6d4-4a92-ba7b-538af6289c58", ` +
	`"tenantName": "Demo Company (NZ)", "tenantType": "ORGANISATION", ` +
	`"createdDateUtc": "2019-12-07T18:46:19.5165400", "updatedDateUtc": "2019-12-07T18:46:19.5187840" } ]`

func TestConnectionsReadsXerosDocumentedExample(t *testing.T) {
	want := []backend.Connection{{
		ID: "7cb59f93-2964-421d-bb5e-a0f7a4572a44", OrganisationID: organisation,
		Name: "Demo Company (NZ)", Type: backend.OrganisationType,
		CreatedAt: time.Date(2019, 12, 7, 18, 46, 19, 516540000, time.UTC),
		UpdatedAt: time.Date(2019, 12, 7, 18, 46, 19, 518784000, time.UTC),
	}}
	if diff := cmp.Diff(want, connections(t, documented)); diff != "" {
		t.Error(diff)
	}
}

func TestConnectionsReturnsEveryTypeInXerosOrder(t *testing.T) {
	var types []string
	for _, c := range connections(t, `[`+entry("tenantType", "PRACTICE")+`,`+entry("tenantType", "ORGANISATION")+`,`+
		entry("tenantType", "SOMETHING NEW")+`,`+entry("tenantType", "<b>\u202eX")+`]`) {
		types = append(types, c.Type)
	}
	if want := []string{"PRACTICE", "ORGANISATION", "SOMETHING NEW", "<b>X"}; !cmp.Equal(types, want) {
		t.Errorf("types %q, want %q", types, want)
	}
}

func TestAnEmptyListIsNoFailure(t *testing.T) {
	if c := connections(t, "[]"); c == nil || len(c) != 0 {
		t.Errorf("%#v", c)
	}
}

func TestKeysAndIdsMayBeInAnyCase(t *testing.T) {
	c := connections(t, `[{"ID":"7CB59F93-2964-421D-BB5E-A0F7A4572A44","TENANTID":"FE79F7DD-B6D4-4A92-BA7B-538AF6289C58","TENANTTYPE":"Organisation","TenantName":"A"}]`)
	want := []backend.Connection{{ID: "7cb59f93-2964-421d-bb5e-a0f7a4572a44", OrganisationID: organisation, Name: "A", Type: backend.OrganisationType}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func TestAnEntryWithoutIDsIsOddAndKeepsTheOthers(t *testing.T) {
	for _, id := range []string{
		"", "x", "fe79f7ddb6d44a92ba7b538af6289c58", "fe79f7dd-b6d4-4a92-ba7b-538af6289c5", "fe79f7dd-b6d4-4a92-ba7b-538af6289c581",
		"{fe79f7dd-b6d4-4a92-ba7b-538af6289c58}", "fe79f7dd-b6d4-4a92-ba7b-538af6289c5g", "fe79f7dd_b6d4_4a92_ba7b_538af6289c58",
		"../../connections/../../../../.....", "fe79f7dd-b6d4-4a92-ba7b-538af6289c5\u202e", canary,
	} {
		for _, key := range []string{"id", "tenantId"} {
			l := list(t, `[`+entry()+`,`+entry(key, id)+`]`)
			if len(l.Connections) != 1 || (l.Part != backend.Part{Entries: 2, Odd: 1}) {
				t.Errorf("%q: %+v", id, l)
			}
		}
	}
	for _, list := range []string{"[null]", "[{}]"} {
		_, err := client(t, body("application/json", list)).Connections(t.Context(), token)
		fails(t, backend.XeroUnreadable, err)
	}
}

func TestAMalformedEventIDIsOmitted(t *testing.T) {
	c := connections(t, `[`+entry("authEventId", "D99ECDFE-391D-43D2-B834-17636BA90E8D")+`,`+entry("authEventId", "' or 1=1")+`]`)
	if c[0].AuthEventID != "d99ecdfe-391d-43d2-b834-17636ba90e8d" || c[1].AuthEventID != "" {
		t.Errorf("events %q, %q", c[0].AuthEventID, c[1].AuthEventID)
	}
}

func TestDatesAreUTCWithOrWithoutAZoneAndAnInvalidDateIsNoFailure(t *testing.T) {
	utc := time.Date(2026, 11, 22, 6, 30, 0, 0, time.UTC)
	dates := map[string]time.Time{
		"2026-11-22T06:30:00":           utc,
		"2026-11-22T06:30:00.0000000":   utc,
		"2026-11-22T06:30:00Z":          utc,
		"2026-11-22T19:30:00+13:00":     utc,
		"2026-11-22T06:30:00.1234567":   utc.Add(123456700),
		"0001-01-01T00:00:00":           {},
		"2026-02-30T00:00:00":           {},
		"2026-11-22":                    {},
		"22/11/2026 06:30":              {},
		"/Date(1552404447003)/":         {},
		"tomorrow":                      {},
		"":                              {},
		"99999-01-01T00:00:00.00000000": {},
	}
	for text, want := range dates {
		c := connections(t, `[`+entry("createdDateUtc", text, "updatedDateUtc", text)+`]`)[0]
		if !c.CreatedAt.Equal(want) || !c.UpdatedAt.Equal(want) || c.CreatedAt.Location() != time.UTC {
			t.Errorf("%q: %v and %v, want %v", text, c.CreatedAt, c.UpdatedAt, want)
		}
	}
}

func TestNamesArePlainAndNeverEmpty(t *testing.T) {
	names := map[string]string{
		"Ngāti & Söhne":                        "Ngāti & Söhne",
		"<script>alert(1)</script>":            "<script>alert(1)</script>",
		"=cmd|'/c calc'!A1":                    "=cmd|'/c calc'!A1",
		"a\u202eb\u0000c\r\nd\u200b":           "abc d",
		"":                                     "(no name)",
		" \t\u200b\u2066 ":                     "(no name)",
		strings.Repeat("n", 10_000):            strings.Repeat("n", backend.MaxText-1) + "…",
		"D’Arcy\u00a0Ltd  trading as  \"X\"":   "D’Arcy Ltd trading as \"X\"",
		"Z" + strings.Repeat("\u0335", 10_000): "Z" + strings.Repeat("\u0335", 4),
	}
	for name, want := range names {
		if got := connections(t, `[`+entry("tenantName", name)+`]`)[0].Name; got != want {
			t.Errorf("%.40q became %.40q, want %.40q", name, got, want)
		}
	}
	if got := connections(t, `[`+strings.Replace(entry(), `"A client"`, `null`, 1)+`]`)[0].Name; got != "(no name)" {
		t.Errorf("null became %q", got)
	}
}

func TestTenThousandConnectionsFit(t *testing.T) {
	list := strings.Repeat(entry("tenantName", strings.Repeat("n", 100))+",", 9_999) + entry()
	if n := len(connections(t, "["+list+"]")); n != 10_000 {
		t.Errorf("%d connections", n)
	}
}

func FuzzConnections(f *testing.F) {
	for _, seed := range []string{
		documented, "[]", "null", "[null]", "[{}]", "[" + entry() + "]", "[" + entry("tenantName", "\u202e") + "]",
		`[{"id":1}]`, `[] []`, "\ufeff[]", `[{"ID":"x","id":"y"}]`, "{", "[\xff]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		listed, err := canned(answer).Connections(t.Context(), token)
		if err != nil {
			fails(t, backend.XeroUnreadable, err)
			return
		}
		for _, c := range listed.Connections {
			if len(c.ID) != 36 || len(c.OrganisationID) != 36 || c.Name == "" || c.Name != backend.PlainText(c.Name) || c.Type != backend.PlainText(c.Type) {
				t.Errorf("%#v", c)
			}
			if c.CreatedAt.Location() != time.UTC || utf8.RuneCountInString(c.Name) > backend.MaxText {
				t.Errorf("%#v", c)
			}
		}
	})
}

func connections(t *testing.T, answer string) []backend.Connection {
	t.Helper()
	l := list(t, answer)
	if !l.Whole() {
		t.Errorf("understood in part: %+v", l.Part)
	}
	return l.Connections
}

func list(t *testing.T, answer string) backend.List {
	t.Helper()
	l, err := client(t, body("application/json; charset=utf-8", answer)).Connections(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// entry is one connection as JSON, with some of its values replaced.
func entry(replaced ...string) string {
	e := map[string]string{
		"id": "7cb59f93-2964-421d-bb5e-a0f7a4572a44", "tenantId": organisation, "tenantName": "A client", "tenantType": "ORGANISATION",
		"authEventId": "d99ecdfe-391d-43d2-b834-17636ba90e8d", "createdDateUtc": "2026-11-22T06:30:00.0000000", "updatedDateUtc": "2026-11-22T06:30:00.0000000",
	}
	for pair := range slices.Chunk(replaced, 2) {
		e[pair[0]] = pair[len(pair)-1]
	}
	b, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprint("entry: ", err))
	}
	return string(b)
}

// canned answers every request with the same bytes, without a network.
func canned(answer []byte) *xero.Client {
	return &xero.Client{Base: xero.Address, HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK,
			Header:     http.Header{"Content-Type": {"application/json"}},
			Body:       io.NopCloser(strings.NewReader(string(answer))),
		}, nil
	})}}
}
