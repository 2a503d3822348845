package sqlite_test

import (
	"context"
	"fmt"
	"testing"

	"bookring/backend"
)

func TestSearchIgnoresCaseAndAccents(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(),
		"École de Danse", "Ångström Smørrebrød", "STRASSE Straße", "O’Brien & Sons", "100% Wool", "a_b", "Ｆｕｌｌ Width",
		"Māori Kai", `back\slash`), 1)
	for search, want := range map[string]string{
		"ecole":               "École de Danse",
		"ÉCOLE":               "École de Danse",
		"E\u0301cole":         "École de Danse",
		"danse éc":            "École de Danse",
		"ecole sons":          "",
		"angstrom smorrebrod": "Ångström Smørrebrød",
		"straße":              "STRASSE Straße",
		"o'brien":             "O’Brien & Sons",
		"%":                   "100% Wool",
		"0% w":                "100% Wool",
		"_":                   "a_b",
		`\`:                   `back\slash`,
		"full width":          "Ｆｕｌｌ Width",
		"maori":               "Māori Kai",
		"\u200fmaori\u200b":   "Māori Kai",
		"* OR 1=1 --":         "",
		"   ":                 "100% Wool, a_b, Ångström Smørrebrød, back\\slash, École de Danse, Ｆｕｌｌ Width, Māori Kai, O’Brien & Sons, STRASSE Straße",
	} {
		got := page(t, r, backend.Query{Search: search, Limit: 500})
		same(t, "search for "+search, names(got.Rows), want)
		if got.Matching != len(got.Rows) || got.Total != 9 {
			t.Errorf("search for %q: matching %d, total %d", search, got.Matching, got.Total)
		}
	}
}

func TestASearchOfAnyLengthIsAnswered(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	var words string
	for i := range 5_000 {
		words += fmt.Sprint(i, " ")
	}
	same(t, "found", names(page(t, r, backend.Query{Search: words, Limit: 1}).Rows), "")
}

// five returns a list with another order in every column.
func five(t *testing.T) interface {
	Organisations(context.Context, backend.Query) (backend.Page, error)
} {
	t.Helper()
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Delta", "Bravo", "echo"), 3)
	reconcile(t, r, ben(), lists(ben(), "Alpha", "Charlie", "Bravo"), 2)
	reconcile(t, r, ben(), lists(ben(), "Charlie", "Bravo"), 4)
	must(t, r.SaveDetails(t.Context(), "delta", backend.Details{Country: "AU", Currency: "NZD"}, at(5)))
	must(t, r.SaveDetails(t.Context(), "charlie", backend.Details{Country: "NZ", Currency: "AUD"}, at(5)))
	must(t, r.SaveRefusal(t.Context(), "charlie", at(6)))
	end(t, r, anna(), 7)
	return r
}

func TestEveryColumnOrdersTheListAndEqualRowsGoByName(t *testing.T) {
	r := five(t)
	for _, c := range []struct {
		sort     backend.Sort
		up, down string
	}{
		{backend.ByName, "Alpha Bravo Charlie Delta echo", "echo Delta Charlie Bravo Alpha"},
		{"", "Alpha Bravo Charlie Delta echo", "echo Delta Charlie Bravo Alpha"},
		// Delta and echo need a new sign-in, Alpha is removed, Charlie is refused.
		{backend.ByStatus, "Delta echo Alpha Charlie Bravo", "Bravo Charlie Alpha Delta echo"},
		// Ben's live sign-in carries Bravo.
		{backend.BySignIn, "Delta echo Alpha Bravo Charlie", "Alpha Bravo Charlie Delta echo"},
		{backend.ByLastChecked, "Delta echo Alpha Bravo Charlie", "Alpha Bravo Charlie Delta echo"},
		// Unknown values come last in both directions.
		{backend.ByCountry, "Delta Charlie Alpha Bravo echo", "Charlie Delta Alpha Bravo echo"},
		{backend.ByCurrency, "Charlie Delta Alpha Bravo echo", "Delta Charlie Alpha Bravo echo"},
	} {
		for _, down := range []bool{false, true} {
			got, err := r.Organisations(t.Context(), backend.Query{Sort: c.sort, Descending: down, Limit: 9})
			must(t, err)
			want := c.up
			if down {
				want = c.down
			}
			same(t, fmt.Sprintf("by %s, descending %v", c.sort, down), spaced(got.Rows), want)
		}
	}
}

func TestPagesFollowEachOtherAndCountTheWholeList(t *testing.T) {
	r := five(t)
	for _, c := range []struct {
		query                      backend.Query
		rows                       string
		matching, total, attention int
	}{
		{backend.Query{Limit: 2}, "Alpha Bravo", 5, 5, 4},
		{backend.Query{Limit: 2, Offset: 2}, "Charlie Delta", 5, 5, 4},
		{backend.Query{Limit: 2, Offset: 4}, "echo", 5, 5, 4},
		{backend.Query{Limit: 2, Offset: 6}, "", 5, 5, 4},
		{backend.Query{Limit: 2, Offset: -1}, "Alpha Bravo", 5, 5, 4},
		{backend.Query{}, "", 5, 5, 4},
		{backend.Query{Limit: -1}, "", 5, 5, 4},
		{backend.Query{Limit: 9, Attention: true}, "Alpha Charlie Delta echo", 4, 5, 4},
		{backend.Query{Limit: 1, Attention: true, Search: "e"}, "Charlie", 3, 5, 4},
	} {
		got, err := r.Organisations(t.Context(), c.query)
		must(t, err)
		what := fmt.Sprintf("%+v", c.query)
		same(t, what, spaced(got.Rows), c.rows)
		same(t, what, fmt.Sprint(got.Matching, got.Total, got.Attention), fmt.Sprint(c.matching, c.total, c.attention))
	}
}

func TestAPageHoldsAtMost500Rows(t *testing.T) {
	r := open(t, t.TempDir())
	many := make([]string, 501)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	reconcile(t, r, anna(), lists(anna(), many...), 1)
	got := page(t, r, backend.Query{Limit: 10_000})
	same(t, "rows, matching", fmt.Sprint(len(got.Rows), got.Matching), "500 501")
}

func TestAnEmptyRegisterHasAnEmptyPage(t *testing.T) {
	got := page(t, open(t, t.TempDir()), backend.Query{Limit: 5})
	if got.Rows == nil || len(got.Rows) != 0 || got.Total != 0 {
		t.Errorf("got %+v", got)
	}
}

func spaced(organisations []backend.Organisation) string {
	var s string
	for i, o := range organisations {
		if i > 0 {
			s += " "
		}
		s += o.Name
	}
	return s
}
