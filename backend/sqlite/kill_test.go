package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"
)

// writerFolder is the environment variable with the folder for a writer. With the variable set, the test
// program writes until killed.
const writerFolder = "BOOKRING_TEST_WRITER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(writerFolder); folder != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(folder))
		os.Exit(1)
	}
	if folder := os.Getenv(tidierFolder); folder != "" {
		if err := tidy(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeUntilKilled adds an organisation with each list, and prints a line after each commit.
func writeUntilKilled(folder string) error {
	r, err := sqlite.Open(context.Background(), folder)
	if err != nil {
		return err
	}
	page, err := r.Organisations(context.Background(), backend.Query{})
	if err != nil {
		return err
	}
	for i := page.Total; ; i++ {
		_, err := r.Reconcile(context.Background(), anna(), backend.List{Connections: lists(anna(), fmt.Sprint("Organisation ", i))}, at(i))
		if err != nil {
			return err
		}
		if _, err := fmt.Println(i); err != nil {
			return err
		}
	}
}

func TestAKillLosesNoCommittedWrite(t *testing.T) {
	t.Parallel()
	for _, journal := range []string{"wal", "delete"} {
		t.Run(journal, func(t *testing.T) {
			folder, committed := "", 0
			for round := range stress(t, 6) {
				if round%100 == 0 { // a long list slows the test down
					folder, committed = t.TempDir(), 0
					if journal == "delete" {
						must(t, os.Symlink("nowhere", filepath.Join(folder, sqlite.FileName+"-shm")))
					}
				}
				committed += killWriter(t, folder, 1+rand.IntN(12))
				r, err := sqlite.Open(t.Context(), folder)
				must(t, err)
				got := page(t, r, backend.Query{})
				// The kill may come between a commit and the line.
				if got.Total != committed && got.Total != committed+1 {
					t.Errorf("%d organisations, %d were committed", got.Total, committed)
				}
				if got.Attention != got.Total-1 {
					t.Errorf("%d of %d need attention: a list was written in part", got.Attention, got.Total)
				}
				committed = got.Total
				must(t, r.Close())
			}
		})
	}
}

// killWriter starts a writer, kills the writer after n lines, and returns the number of lines.
func killWriter(t *testing.T, folder string, n int) int {
	t.Helper()
	writer := exec.CommandContext(t.Context(), os.Args[0])
	writer.Env = append(os.Environ(), writerFolder+"="+folder)
	writer.Stderr = os.Stderr
	out, err := writer.StdoutPipe()
	must(t, err)
	must(t, writer.Start())
	printed := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if printed++; printed == n {
			must(t, writer.Process.Kill())
		}
	}
	if err := writer.Wait(); err == nil || printed < n {
		t.Fatalf("the writer ended without a kill after %d lines", printed)
	}
	return printed
}
