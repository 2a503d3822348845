package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"
)

// typed lists searches that must find a name, as people type, paste and dictate the name.
var typed = map[string][]string{
	"Beaumont-Featherstonehaugh Farms Limited": {
		"beaumont featherstonehaugh", "beaumont‐feather", "Beaumont–Featherstonehaugh", "beaumont—feather", "beaumont−feather",
		"beaumont\u2011featherstonehaugh", "beaumont-feather\u00adstonehaugh", "BEAUMONTFEATHERSTONEHAUGH", "beaumont - feather",
		"farms ltd", "Farms Ltd.", "farms limi", "limited farms", "  farms\u00a0\u2009limited ", "ＦＡＲＭＳ　ｌｔｄ", "–",
	},
	"Plover Cove Fishing Co–operative": {"co-operative", "cooperative", "co operative", "CO‑OPERATIVE", "coop", "co-op"},
	"Co\u00adop\u00aderative Dairy":    {"cooperative dairy", "co\u00adoperative"},
	"Cooperative Bank":                 {"co-operative bank", "co operative"},
	"O’Brien Physiotherapy":            {"o'brien", "obrien", "o brien", "OʼBrien", "O′Brien", "O`Brien", "O´Brien", "o＇brien", "'"},
	"Ó Briain & Daughters Pty Ltd": {
		"o briain and daughters", "briain&daughters", "Briain ＆ Daughters", "daughters proprietary limited", "daughters (pty) ltd", "daughters pty. ltd.", "&", "and",
	},
	"Quince and Co Delicatessen":      {"quince & co", "quince&co", "Quince & Company", "quince &"},
	"Smith, Jones &Partners":          {"smith jones", "jones & partners", "jones and partners", "partners, smith", ","},
	"Prairie Wind Incorporated":       {"prairie inc", "Prairie Wind, Inc.", "incorp"},
	"The “Old” Cinema (Whitby) Trust": {`"old" cinema`, "old cinema", "«old»", "whitby", "(whitby)", "[Whitby]", "cinema whitby", `"`, "("},
	"A.B.C. Motors Ltd":               {"abc", "a.b.c.", "a b c", "ABC motors limited"},
	"Dunn T/A Corner Café":            {"t/a", "ta corner", "cafe", "CAFÉ", "cafe\u0301", "café dunn"},
	"İstanbul Kebap":                  {"istanbul", "ISTANBUL", "İSTANBUL", "ıstanbul"},
	"Straße & Groß GmbH":              {"strasse", "STRASSE", "STRAẞE", "gross"},
	"Ｆｕｌｌ　Ｗｉｄｔｈ":                      {"full width", "ｆｕｌｌ", "FULL"},
	"Eﬃcient Œuvres":                  {"efficient", "oeuvres", "Œuvres"},
	"Kererū Joinery":                  {"kereru", "KERERŪ", "kereru\u0304"},
	"Ὀδυσσεύς":                        {"οδυσσευσ", "ΟΔΥΣΣΕΥΣ"},
	"100% Wool_Mill":                  {"100%", "wool_", "%"},
	"Residents' Association":          {"residents association", "resident’s", "residents’"},
	"Mt Eden Saint Johns":             {"mount eden", "st johns", "St. John's"},
}

func TestSearchFindsWhatPeopleType(t *testing.T) {
	r := open(t, t.TempDir())
	var all []string
	for name := range typed {
		all = append(all, name)
	}
	reconcile(t, r, anna(), lists(anna(), all...), 1)
	expectTyped(t, r)
}

// expectTyped fails for each search in typed that does not find the name.
func expectTyped(t *testing.T, r *sqlite.Register) {
	t.Helper()
	for name, searches := range typed {
		for _, search := range searches {
			found := false
			for _, o := range page(t, r, backend.Query{Search: search, Limit: 500}).Rows {
				found = found || o.Name == name
			}
			if !found {
				t.Errorf("%q does not find %q", search, name)
			}
		}
	}
}

func TestSearchDoesNotFindTheRest(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Sandpiper Lets", "Smith & Sons", "Limitless Ltd", "Copper Co-op", "Anderson"), 1)
	for search, want := range map[string]string{
		"&":        "Smith & Sons",
		"and":      "Anderson, Sandpiper Lets, Smith & Sons",
		"co-op":    "Copper Co-op",
		"company":  "",
		"limited":  "Limitless Ltd",
		"smithson": "",
		"–":        "Copper Co-op",
		"o'x":      "",
	} {
		same(t, "search for "+search, names(page(t, r, backend.Query{Search: search, Limit: 500}).Rows), want)
	}
}

func TestAHalfTypedSearchShowsOrganisations(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Smith & Sons", "Copper Co-op", "Ida", "100% Wool_Mill", "---"), 1)
	everything := "---, 100% Wool_Mill, Copper Co-op, Ida, Smith & Sons"
	for search, want := range map[string]string{
		"":         everything,
		" ":        everything,
		"\u00ad":   everything,
		"\u0301":   everything,
		"s":        "Smith & Sons",
		"ı":        "100% Wool_Mill, Ida, Smith & Sons",
		"İ":        "100% Wool_Mill, Ida, Smith & Sons",
		"smith -":  "Smith & Sons",
		"smith &":  "Smith & Sons",
		"smith '":  "Smith & Sons",
		"- & -":    "Smith & Sons",
		"---":      "---, Copper Co-op",
		"%":        "100% Wool_Mill",
		"_":        "100% Wool_Mill",
		"w%l":      "",
		"'":        "",
		"copper c": "Copper Co-op",
	} {
		same(t, "search for "+search, names(page(t, r, backend.Query{Search: search, Limit: 500}).Rows), want)
	}
}

func TestAListWithoutANameLeavesTheNameToSearch(t *testing.T) {
	r := open(t, t.TempDir())
	listed := lists(anna(), "Bakery")
	reconcile(t, r, anna(), listed, 1)
	listed[0].Name = backend.Say.Name.Missing
	reconcile(t, r, anna(), listed, 2)
	same(t, "found", names(page(t, r, backend.Query{Search: "bakery", Limit: 1}).Rows), "Bakery")
}

// staleKeys makes the search keys of a register unusable, as keys of another version are.
const staleKeys = "UPDATE organisations SET search_key = 'stale', search_version = 0"

func TestASearchIsCompleteBeforeTheKeysAreMadeAnew(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	var all []string
	for name := range typed {
		all = append(all, name)
	}
	reconcile(t, r, anna(), lists(anna(), all...), 1)
	change(t, folder, staleKeys)
	expectTyped(t, r)
	must(t, r.Tidy(t.Context(), noon))
	if n := staleCount(t, r); n != 0 {
		t.Errorf("%d keys are stale", n)
	}
	expectTyped(t, r)
}

func staleCount(t *testing.T, r *sqlite.Register) (n int) {
	t.Helper()
	must(t, r.DB().QueryRowContext(t.Context(), "SELECT count(*) FROM organisations WHERE search_key = 'stale'").Scan(&n))
	return n
}

// tidierFolder is the environment variable with the folder for a program that only tidies.
const tidierFolder = "BOOKRING_TEST_TIDIER"

func tidy(folder string) error {
	r, err := sqlite.Open(context.Background(), folder)
	if err != nil {
		return err
	}
	return r.Tidy(context.Background(), noon)
}

func TestAKilledRekeyingGoesOn(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	const many = 5_000
	all := make([]string, many)
	for i := range all {
		all[i] = fmt.Sprintf("Client %05d Limited", i)
	}
	reconcile(t, r, anna(), lists(anna(), all...), 1)
	change(t, folder, staleKeys)

	tidier := exec.CommandContext(t.Context(), os.Args[0])
	tidier.Env = append(os.Environ(), tidierFolder+"="+folder)
	must(t, tidier.Start())
	for staleCount(t, r) == many {
	}
	must(t, tidier.Process.Kill())
	_ = tidier.Wait() // killed

	if n := staleCount(t, r); n == 0 || n == many {
		t.Logf("the kill came too late: %d of %d keys are stale", n, many)
	}
	if n := page(t, r, backend.Query{Search: "client limited ltd"}).Matching; n != many {
		t.Errorf("%d of %d found after the kill", n, many)
	}
	must(t, r.Tidy(t.Context(), noon))
	if n := staleCount(t, r); n != 0 {
		t.Errorf("%d keys are stale", n)
	}
}

func TestTidyingARegisterWithoutWorkWritesNothing(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	before := files(t, folder)
	must(t, r.Tidy(t.Context(), noon))
	if after := files(t, folder); after[sqlite.FileName+"-wal"] != before[sqlite.FileName+"-wal"] {
		t.Error("the log of the database has changed")
	}
}

func BenchmarkTidy(b *testing.B) {
	r, _, _ := filled(b, 10_000)
	for b.Loop() {
		b.StopTimer()
		if _, err := r.DB().ExecContext(b.Context(), staleKeys); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		must(b, r.Tidy(b.Context(), noon))
	}
}
