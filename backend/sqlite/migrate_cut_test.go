package sqlite_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bookring/backend/sqlite"
)

// A program that is killed leaves what it has written to its files: the system
// finishes that. So a copy of them, taken before each statement of a migration,
// is what a kill at that statement leaves.
func TestAMigrationThatIsCutOffAnywhereIsDoneAgainOrDone(t *testing.T) {
	full := versionOne(t)
	first, err := sqlite.Open(t.Context(), full)
	must(t, err)
	want := standing(all(t, first))
	must(t, first.Close())

	for from := 1; from < sqlite.Version; from++ {
		folder, cuts := versionOne(t), t.TempDir()
		takeOver(t, folder, from)
		count := 0
		sqlite.WithDriver("sqlite-cut", func() {
			before = func(statement string) {
				count++
				copyFolder(t, folder, filepath.Join(cuts, fmt.Sprint(count)))
			}
			r, err := sqlite.Open(t.Context(), folder)
			must(t, err)
			must(t, r.Close())
		})
		if count < 3*(sqlite.Version-from) {
			t.Errorf("only %d cuts from version %d", count, from)
		}
		for cut := range count {
			folder := filepath.Join(cuts, fmt.Sprint(cut+1))
			var has int
			must(t, file(t, folder).QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&has))
			r := open(t, folder)
			if has < from || has > sqlite.Version || r.Opening().Lost {
				t.Errorf("version %d, cut %d: it has %d, %+v", from, cut+1, has, r.Opening())
			}
			same(t, fmt.Sprintf("from version %d, cut %d", from, cut+1), standing(all(t, r)), want)
		}
	}
}

// takeOver brings a register of the first version to a later one.
func takeOver(t *testing.T, folder string, to int) {
	t.Helper()
	for v := 2; v <= to; v++ {
		statements, err := os.ReadFile(filepath.Join("migrations", fmt.Sprintf("%d.sql", v)))
		must(t, err)
		change(t, folder, fmt.Sprintf("BEGIN; %s; PRAGMA user_version = %d; COMMIT", statements, v))
	}
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	must(t, os.Mkdir(to, 0o700))
	for _, end := range []string{"", "-wal", "-journal"} {
		content, err := os.ReadFile(filepath.Join(from, sqlite.FileName+end))
		if os.IsNotExist(err) {
			continue
		}
		must(t, err)
		write(t, string(content), to, sqlite.FileName+end)
	}
}

// before is called before each statement that the driver sqlite-cut executes.
var before func(statement string)

func init() {
	db, err := sql.Open("sqlite", "")
	if err != nil {
		panic(err)
	}
	sql.Register("sqlite-cut", cutting{db.Driver()})
}

// cutting is SQLite's driver, executing one statement at a time.
type cutting struct{ driver.Driver }

func (c cutting) Open(name string) (driver.Conn, error) {
	conn, err := c.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	all, does := conn.(whole)
	if !does {
		return nil, errors.New("the driver lacks something")
	}
	return cut{all}, nil
}

// whole is what database/sql asks of a connection, and SQLite's does.
type whole interface {
	driver.Conn
	driver.ExecerContext
	driver.QueryerContext
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Validator
	driver.SessionResetter
	driver.Pinger
}

type cut struct{ whole }

func (c cut) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) > 0 {
		before(query)
		return c.whole.ExecContext(ctx, query, args)
	}
	var last driver.Result
	for _, statement := range statements(query) {
		before(statement)
		var err error
		if last, err = c.whole.ExecContext(ctx, statement, nil); err != nil {
			return nil, err
		}
	}
	return last, nil
}

// BeginTx cuts before the commit as well.
func (c cut) BeginTx(ctx context.Context, how driver.TxOptions) (driver.Tx, error) {
	tx, err := c.whole.BeginTx(ctx, how)
	return cutTx{tx}, err
}

type cutTx struct{ driver.Tx }

func (t cutTx) Commit() error {
	before("COMMIT")
	defer before("after COMMIT")
	return t.Tx.Commit()
}

// statements takes a script apart: each ends with a line that ends with ; and a
// trigger with END;.
func statements(script string) (all []string) {
	var one strings.Builder
	for line := range strings.Lines(script) {
		one.WriteString(line)
		code, _, _ := strings.Cut(line, "--")
		code = strings.TrimSpace(code)
		trigger := strings.Contains(one.String(), "CREATE TRIGGER")
		if strings.HasSuffix(code, ";") && (!trigger || strings.HasSuffix(code, "END;")) {
			all = append(all, one.String())
			one.Reset()
		}
	}
	if strings.TrimSpace(one.String()) != "" {
		all = append(all, one.String())
	}
	return all
}
