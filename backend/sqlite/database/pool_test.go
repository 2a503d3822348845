package database_test

import (
	"strings"
	"testing"

	"bookring/backend/sqlite/database"
)

func TestEveryConnectionHasEverySetting(t *testing.T) {
	db, _ := open(t, t.TempDir())
	connections := db.Stats().MaxOpenConnections
	if connections < 2 {
		t.Fatalf("%d connections: no reader beside a waiting writer", connections)
	}
	for range connections {
		c, err := db.Conn(t.Context())
		must(t, err)
		defer func() { must(t, c.Close()) }() // all stay in use: the next is another connection
		for pragma, want := range map[string]string{
			"foreign_keys": "1", "journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000",
			"trusted_schema": "0", "cell_size_check": "1", "temp_store": "2", "application_id": "1112232519",
			"fullfsync": "1", "checkpoint_fullfsync": "1",
		} {
			same(t, pragma, value[string](t, c, "PRAGMA "+pragma), want)
		}
		_, err = c.ExecContext(t.Context(), "PRAGMA writable_schema = ON")
		must(t, err)
		same(t, "writable_schema in defensive mode", value[string](t, c, "PRAGMA writable_schema"), "0")
		if _, err := c.ExecContext(t.Context(), `SELECT "no such column"`); err == nil {
			t.Error("a misspelt column passed as a text")
		}
	}
}

func TestATransactionLocksTheDatabaseBeforeTheFirstRead(t *testing.T) {
	db, _ := open(t, t.TempDir())
	first, err := db.BeginTx(t.Context(), nil)
	must(t, err)
	defer func() { must(t, first.Rollback()) }()
	second, err := db.Conn(t.Context())
	must(t, err)
	defer func() { must(t, second.Close()) }()
	_, err = second.ExecContext(t.Context(), "PRAGMA busy_timeout = 0")
	must(t, err)
	tx, err := second.BeginTx(t.Context(), nil)
	if err == nil {
		must(t, tx.Rollback())
		t.Fatal("a second writer began before the end of the first")
	}
	if !strings.Contains(err.Error(), "locked") {
		t.Error(err)
	}
}

func TestDataSourcesAreURIsOnEverySystem(t *testing.T) {
	for file, want := range map[string]string{
		"/home/ann/bookring.db":            "file:///home/ann/bookring.db?",
		"C:/Users/Ann Lee/#1 50%/b?.db":    "file:///C:/Users/Ann%20Lee/%231%2050%25/b%3F.db?",
		"//server/share/Bookring/register": "file:////server/share/Bookring/register?",
		"/home/ünï/'a'&b=c;_pragma=x.db":   "file:///home/%C3%BCn%C3%AF/%27a%27&b=c;_pragma=x.db?",
	} {
		if got := database.DataSource(file); !strings.HasPrefix(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", file, got, want)
		}
	}
}
