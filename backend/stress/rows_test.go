package stress_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"bookring/backend/rig"
)

// row is a fault with the sizes of the test runs.
type row struct {
	name string // the argument of build/stress.sh
	full int    // the size for build/stress.sh
	few  int    // the size for every other test run
	// run tests the fault and returns a summary. run fails unless promise holds.
	run     func(t *testing.T, size int) string
	promise string
}

var rows = []row{
	{"random-kills", 20_000, 500, randomKills, "0 lost, 0 damaged, no two copies present one token at once"},
	{"short-grace", 2_000, 60, shortGraceKills, "each loss reported, each with Sign in again"},
	{"step-kills", 200, 5, stepKills, "0 lost, recovered within one renewal"},
	{"keychain-faults", 2_000, 50, keychainFaults, "nothing falsely reported as saved, nothing lost"},
	{"keychain-copies", 500, 4, keychainCopies, "0 lost, no older token presented"},
	{"token-lengths", 500, 6, tokenLengths, "0 lost, refused before the save or kept"},
	{"xero-faults", 1_000, 30, xeroFaults, "0 lost, backoff obeyed"},
	{"other-answers", 1_000, 30, otherAnswers, "0 lost, no key replaced by another person's"},
	{"two-months", 1_000, 20, twoMonths, "0 lost, at most one renewal per sign-in and expiry, limits obeyed"},
	{"damaged-files", 50_000, 500, sqliteTests("sqlite", "Damaged", 17), "no crash, no hang, rebuilt or explained"},
	{"write-kills", 5_000, 100, sqliteTests("sqlite", "AKillLosesNoCommittedWrite", 2), "no commit lost"},
	{"migration-kills", 1, 1, sqliteTests("sqlite/database", "AMigrationKilledAtAnyStatement", 1), "nothing damaged"},
	{"clock-jumps", 1_000, 50, clockJumps, "no excess of renewals, no lasting end"},
	{"concurrent-start", 2_000, 30, concurrentStarts, "at most one token request per sign-in and expiry"},
}

// full is set by build/stress.sh. The arguments of build/stress.sh are names of rows.
var full = flag.Bool("full", false, "run at full size, and print a table")

func TestMain(m *testing.M) {
	if os.Getenv(copyOptions) != "" {
		if err := runCopy(); err != nil {
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
			summary := r.run(t, size)
			t.Log(summary)
			if *full {
				r.print(size, summary, t.Failed(), time.Since(began))
			}
		})
	}
}

// size returns BOOKRING_STRESS, or else the size in the table.
func (r row) size(t *testing.T) int {
	t.Helper()
	if *full {
		return rig.Rounds(t, r.full)
	}
	return rig.Rounds(t, max(1, r.few/slow))
}

func (r row) print(size int, summary string, failed bool, took time.Duration) {
	verdict := "ok"
	if failed {
		verdict = "FAILED"
	}
	fmt.Printf("%-6s %-16s %6d  %s  (%v; promise: %s)\n", verdict, r.name, size, summary, took.Round(time.Second), r.promise)
}
