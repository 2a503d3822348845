package database_test

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

	"bookring/backend/sqlite/database"
)

// The operating system completes the file writes of a killed program. A copy of the files before a statement
// therefore equals the files after a kill at the statement.
func TestAMigrationKilledAtAnyStatementCompletesAtTheNextStart(t *testing.T) {
	uninterrupted, _ := open(t, versionOne(t))
	const list = "SELECT group_concat(name || ' ' || standing, ', ') FROM (SELECT * FROM listed ORDER BY name_key, id)"
	want := value[string](t, uninterrupted, list)

	last := filesIn(t, "").Schema.Version
	for from := 1; from < last; from++ {
		folder, copies := versionOne(t), t.TempDir()
		migrate(t, folder, from)
		count := 0
		database.WithDriver("sqlite-copying", func() {
			before = func(statement string) {
				count++
				copyFolder(t, folder, filepath.Join(copies, fmt.Sprint(count)))
			}
			db, _, err := filesIn(t, folder).Open(t.Context())
			must(t, err)
			must(t, db.Close())
		})
		if count < 3*(last-from) {
			t.Errorf("only %d copies from version %d", count, from)
		}
		for kill := range count {
			folder := filepath.Join(copies, fmt.Sprint(kill+1))
			found := versionOf(t, folder)
			db, opening := open(t, folder)
			if found < from || found > last || opening.Lost {
				t.Errorf("version %d, kill %d: found version %d, %+v", from, kill+1, found, opening)
			}
			same(t, fmt.Sprintf("from version %d, kill %d", from, kill+1), value[string](t, db, list), want)
		}
	}
}

// versionOne makes a register of version 1.
func versionOne(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for _, name := range []string{"migrations/1.sql", "testdata/version1.sql"} {
		statements, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
		must(t, err)
		change(t, folder, string(statements))
	}
	return folder
}

// migrate migrates a register of version 1 to a later version.
func migrate(t *testing.T, folder string, to int) {
	t.Helper()
	for v := 2; v <= to; v++ {
		statements, err := os.ReadFile(filepath.Join("..", "migrations", fmt.Sprintf("%d.sql", v)))
		must(t, err)
		change(t, folder, fmt.Sprintf("BEGIN; %s; PRAGMA user_version = %d; COMMIT", statements, v))
	}
}

// versionOf reads the version in a database file, with the driver's defaults.
func versionOf(t *testing.T, folder string) int {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, database.FileName))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	return value[int](t, db, "PRAGMA user_version")
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	must(t, os.Mkdir(to, 0o700))
	for _, suffix := range []string{"", "-wal", "-journal"} {
		content, err := os.ReadFile(filepath.Join(from, database.FileName+suffix))
		if os.IsNotExist(err) {
			continue
		}
		must(t, err)
		must(t, os.WriteFile(filepath.Join(to, database.FileName+suffix), content, 0o600))
	}
}

// before is called before each statement of the driver sqlite-copying.
var before func(statement string)

func init() {
	db, err := sql.Open("sqlite", "")
	if err != nil {
		panic(err)
	}
	sql.Register("sqlite-copying", copyingDriver{db.Driver()})
}

// copyingDriver is SQLite's driver with a call of before between statements.
type copyingDriver struct{ driver.Driver }

func (d copyingDriver) Open(name string) (driver.Conn, error) {
	conn, err := d.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	complete, ok := conn.(completeConn)
	if !ok {
		return nil, errors.New("the driver's connection lacks an interface")
	}
	return copyingConn{complete}, nil
}

// completeConn lists the interfaces of SQLite's connection that database/sql uses.
type completeConn interface {
	driver.Conn
	driver.ExecerContext
	driver.QueryerContext
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Validator
	driver.SessionResetter
	driver.Pinger
}

type copyingConn struct{ completeConn }

func (c copyingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) > 0 {
		before(query)
		return c.completeConn.ExecContext(ctx, query, args)
	}
	var last driver.Result
	for _, statement := range statements(query) {
		before(statement)
		var err error
		if last, err = c.completeConn.ExecContext(ctx, statement, nil); err != nil {
			return nil, err
		}
	}
	return last, nil
}

// BeginTx returns a transaction with a call of before around the commit.
func (c copyingConn) BeginTx(ctx context.Context, how driver.TxOptions) (driver.Tx, error) {
	tx, err := c.completeConn.BeginTx(ctx, how)
	return copyingTx{tx}, err
}

type copyingTx struct{ driver.Tx }

func (t copyingTx) Commit() error {
	before("COMMIT")
	defer before("after COMMIT")
	return t.Tx.Commit()
}

// statements splits a script. A statement ends with a line ending in ; and a trigger with END;.
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
