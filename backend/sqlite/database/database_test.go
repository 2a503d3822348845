package database_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite/database"
)

// filesIn returns the files of a register in a folder, with the register's own schema.
func filesIn(t *testing.T, folder string) database.Files {
	t.Helper()
	migrations, err := filepath.Glob(filepath.Join("..", "migrations", "*.sql"))
	must(t, err)
	return database.Files{Folder: folder, Schema: database.Schema{
		ApplicationID: 0x424B5247, Version: len(migrations), Migrations: os.DirFS(".."),
	}}
}

// open opens the database in a folder until the end of the test.
func open(t *testing.T, folder string) (*sql.DB, backend.Opening) {
	t.Helper()
	db, opening, err := filesIn(t, folder).Open(t.Context())
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db, opening
}

// change executes statements on a database file outside of the package.
func change(t *testing.T, folder, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, database.FileName))
	must(t, err)
	_, err = db.ExecContext(t.Context(), statements)
	must(t, err)
	must(t, db.Close())
}

// value returns the result of a query for a single value.
func value[T any](t *testing.T, db querier, query string) (result T) {
	t.Helper()
	must(t, db.QueryRowContext(t.Context(), query).Scan(&result))
	return result
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, values ...any) *sql.Row
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}
