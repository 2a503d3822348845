package stress_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// row is a fault, and how often it is put to the test.
type row struct {
	name string // as build/stress.sh takes it
	full int    // for build/stress.sh
	few  int    // for every test run
	// run puts it to the test so often, fails if something was not as it must
	// be, and says what it did.
	run  func(t *testing.T, size int) string
	must string
}

var rows = []row{
	{"kill", 20_000, 500, killedAtRandom, "0 lost, 0 torn, never two presenters"},
	{"short-grace", 2_000, 60, killedInShortGrace, "losses told truthfully, each with Sign in again"},
	{"step", 200, 5, killedAtSteps, "0 lost, recovered within one renewal"},
	{"keychain", 2_000, 50, keychainFaults, "no false \"saved\", nothing lost"},
	{"xero", 1_000, 30, xeroFaults, "0 lost, back-off obeyed"},
	{"months", 1_000, 20, months, "0 lost, at most one renewal per sign-in and expiry, limits obeyed"},
	{"damage", 50_000, 500, elsewhere("sqlite", "Damaged", 17), "no crash, no hang, rebuilt or explained"},
	{"write", 5_000, 100, elsewhere("sqlite", "AKillLosesNothing", 2), "no commit lost"},
	{"migration", 1, 1, elsewhere("sqlite", "AMigrationThatIsCutOff", 1), "nothing damaged"},
	{"clock", 1_000, 50, clockFaults, "no storm, nothing expired for ever"},
	{"together", 2_000, 30, startedTogether, "at most one token request per sign-in and expiry"},
}

// full is set by build/stress.sh, which names rows as arguments.
var full = flag.Bool("full", false, "run at full size, and print a table")

func TestMain(m *testing.M) {
	if os.Getenv(copyOrders) != "" {
		if err := liveAsCopy(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func TestRows(t *testing.T) {
	for _, name := range flag.Args() {
		if !slices.ContainsFunc(rows, func(r row) bool { return r.name == name }) {
			t.Errorf("there is no row %q", name)
		}
	}
	for _, r := range rows {
		if len(flag.Args()) > 0 && !slices.Contains(flag.Args(), r.name) {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			if !*full {
				t.Parallel()
			}
			began := time.Now()
			size := r.size(t)
			did := r.run(t, size)
			t.Log(did)
			if *full {
				r.print(size, did, t.Failed(), time.Since(began))
			}
		})
	}
}

// size is how often a row is put to the test: BOOKRING_STRESS, or as the table
// says.
func (r row) size(t *testing.T) int {
	t.Helper()
	if s := os.Getenv("BOOKRING_STRESS"); s != "" {
		n, err := strconv.Atoi(s)
		must(t, err)
		return n
	}
	if *full {
		return r.full
	}
	return max(1, r.few/slow)
}

func (r row) print(size int, did string, failed bool, took time.Duration) {
	verdict := "ok"
	if failed {
		verdict = "FAILED"
	}
	fmt.Printf("%-6s %-12s %6d  %s  (%v; must be: %s)\n", verdict, r.name, size, did, took.Round(time.Second), r.must)
}
