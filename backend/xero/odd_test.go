package xero_test

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/xero"
)

// other is another organisation's entry with another connection ID.
func other(replaced ...string) string {
	return entry(append([]string{
		"id", "00000000-0000-4000-8000-000000000001", "tenantId", "00000000-0000-4000-8000-000000000002",
	}, replaced...)...)
}

func without(key string) string {
	return strings.Replace(other(), `"`+key+`"`, `"not`+key+`"`, 1)
}

func TestOneOddEntryCostsNoOtherEntry(t *testing.T) {
	for name, odd := range map[string]string{
		"no connection ID":            without("id"),
		"no tenant ID":                without("tenantId"),
		"an ID that is a number":      strings.Replace(other(), `"00000000-0000-4000-8000-000000000001"`, `1`, 1),
		"an ID that is no GUID":       other("id", "12"),
		"no type":                     without("tenantType"),
		"an empty type":               other("tenantType", ""),
		"a type without a character":  other("tenantType", " \u200b"),
		"a type that is null":         strings.Replace(other(), `"ORGANISATION"`, `null`, 1),
		"a type that is a number":     strings.Replace(other(), `"ORGANISATION"`, `7`, 1),
		"null":                        `null`,
		"an empty object":             `{}`,
		"a text":                      `"client"`,
		"a list":                      `[` + entry() + `]`,
		"an object around the object": `{"connection":` + other() + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, answer := range []string{
				`[` + odd + `,` + entry() + `]`, `[` + entry() + `,` + odd + `]`, `[` + entry() + `,` + odd + `,` + entry() + `]`,
			} {
				l := list(t, answer)
				if len(l.Connections) != l.Entries-1 || l.Odd != 1 || l.Cut || l.Connections[0].OrganisationID != organisation {
					t.Errorf("%+v", l)
				}
			}
		})
	}
}

func TestAnOddFieldCostsOnlyTheField(t *testing.T) {
	for name, field := range map[string][2]string{
		"a name that is a number": {`"A client"`, `12`},
		"a name that is a list":   {`"A client"`, `["A client"]`},
		"a date that is a number": {`"2026-11-22T06:30:00.0000000"`, `1552404447003`},
		"an event that is null":   {`"d99ecdfe-391d-43d2-b834-17636ba90e8d"`, `null`},
	} {
		c := connections(t, `[`+strings.ReplaceAll(entry(), field[0], field[1])+`]`)
		if len(c) != 1 || c[0].OrganisationID != organisation || c[0].Type != backend.OrganisationType {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestATypeInLowerCaseIsAnOrganisation(t *testing.T) {
	for _, kind := range []string{"organisation", "Organisation", "ORGANISATION"} {
		if c := connections(t, `[`+entry("tenantType", kind)+`]`); c[0].Type != backend.OrganisationType {
			t.Errorf("%s became %s", kind, c[0].Type)
		}
	}
}

func TestTwoOrganisationsWithOneConnectionIDAreOdd(t *testing.T) {
	same := other("id", "7cb59f93-2964-421d-bb5e-a0f7a4572a44")
	third := other("id", "00000000-0000-4000-8000-000000000003", "tenantId", "00000000-0000-4000-8000-000000000004")
	l := list(t, `[`+entry()+`,`+third+`,`+same+`]`)
	if len(l.Connections) != 1 || (l.Part != backend.Part{Entries: 3, Odd: 2}) {
		t.Errorf("%+v", l)
	}
	if twice := connections(t, `[`+entry()+`,`+entry()+`]`); len(twice) != 2 {
		t.Errorf("an entry sent twice: %+v", twice)
	}
}

func TestAListThatIsCutOffKeepsItsBeginning(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"in an entry":           body("application/json", `[`+entry()+`,{"id":"`),
		"between entries":       body("application/json", `[`+entry()+`,`),
		"before the end":        body("application/json", `[`+entry()),
		"by a broken entry":     body("application/json", `[`+entry()+`,{id:1},`+entry()+`]`),
		"by a control sequence": body("application/json", `[`+entry()+",\x00"),
		"with more behind":      body("application/json", `[`+entry()+`] <html>`),
		"with a second list":    body("application/json", `[`+entry()+`] []`),
		"of an announced length": cutOff("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n[" +
			entry()),
		"longer than the limit": body("application/json", `[`+entry()+`,"`+strings.Repeat("x", xero.MaxAnswer)+`"]`),
	} {
		t.Run(name, func(t *testing.T) {
			l, err := client(t, answer).Connections(t.Context(), token)
			if err != nil || len(l.Connections) != 1 || !l.Cut || l.Whole() {
				t.Errorf("%+v, %v", l, err)
			}
		})
	}
}

func TestAnAnswerThatIsNoListConcludesNothing(t *testing.T) {
	for _, answer := range []string{
		entry(), `{"connections":[` + entry() + `]}`, `[[` + entry() + `]]`, `"[` + `]"`, `<html>`, `[null,null]`, `[{}]`, `[] x`, `[`,
	} {
		l, err := client(t, body("application/json", answer)).Connections(t.Context(), token)
		fails(t, backend.XeroUnreadable, err)
		if len(l.Connections) > 0 {
			t.Errorf("%s: %+v", answer, l)
		}
	}
}

func TestAByteOrderMarkIsIgnored(t *testing.T) {
	if c := connections(t, "\ufeff["+entry()+"]"); len(c) != 1 {
		t.Errorf("%+v", c)
	}
}

func TestAListBeyondTheBoundIsCut(t *testing.T) {
	const bound = 20_000
	more := list(t, "["+strings.Repeat(entry()+",", bound)+entry()+"]")
	if len(more.Connections) != bound || (more.Part != backend.Part{Entries: bound, Cut: true}) {
		t.Errorf("%d connections, %+v", len(more.Connections), more.Part)
	}
	if whole := list(t, "["+strings.Repeat(entry()+",", bound-1)+entry()+"]"); !whole.Whole() {
		t.Errorf("%+v", whole.Part)
	}
}

// millions are answers of ten megabytes with as many values as possible.
var millions = map[string]string{
	"empty entries":   "[" + strings.Repeat("{},", xero.MaxAnswer/3-1) + "{}]",
	"nulls":           "[" + strings.Repeat("null,", xero.MaxAnswer/5-1) + "null]",
	"nested lists":    "[" + strings.Repeat("[],", xero.MaxAnswer/3-1) + "[]]",
	"keys":            `[{` + strings.Repeat(`"a":0,`, xero.MaxAnswer/6-2) + `"a":0}]`,
	"organisations":   `{"Organisations":[` + strings.Repeat("{},", xero.MaxAnswer/3-10) + "{}]}",
	"envelope fields": `{` + strings.Repeat(`"a":{},`, xero.MaxAnswer/7-2) + `"a":0}`,
}

// allocated returns the bytes allocated by a call.
func allocated(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestAnAnswerOfMillionsOfEntriesCostsLittleMemory(t *testing.T) {
	const bound = 256 << 20
	for name, answer := range millions {
		c := canned([]byte(answer))
		for i, call := range calls(c) {
			n := allocated(func() { _ = call(t.Context()) })
			t.Logf("%s, call %d: %d MB", name, i, n>>20)
			if n > bound {
				t.Errorf("%s, call %d: %d MB", name, i, n>>20)
			}
		}
	}
}

func BenchmarkAListOfTenMegabytes(b *testing.B) {
	c := &xero.Client{Base: xero.Address, HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(strings.NewReader(millions["empty entries"])),
		}, nil
	})}}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = c.Connections(b.Context(), token)
	}
}
