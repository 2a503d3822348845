package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"bookring/backend"
	"bookring/backend/sqlite"
)

// noon is the start of the tests' time; at returns a time by minutes after noon.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// tb holds the methods that testing.TB and rapid.T share and the tests use.
type tb interface {
	Helper()
	Context() context.Context
	Cleanup(func())
	Error(...any)
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// stress returns the number of rounds of a random test: few by default, or the number in the environment variable
// BOOKRING_STRESS.
func stress(t tb, few int) int {
	t.Helper()
	s := os.Getenv("BOOKRING_STRESS")
	if s == "" {
		return max(2, few/slow)
	}
	n, err := strconv.Atoi(s)
	must(t, err)
	return n
}

// open opens a register until the end of the test.
func open(t tb, folder string) *sqlite.Register {
	t.Helper()
	r, err := sqlite.Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func anna() backend.SignIn { return person("Anna Lee", 0) }
func ben() backend.SignIn  { return person("Ben Ito", 1) }

func person(name string, minutes int) backend.SignIn {
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	return backend.SignIn{
		SignInKey: backend.SignInKey{Issuer: "https://identity.xero.com", ClientID: "client", UserID: first},
		Name:      name, Email: first + "@example.com", At: at(minutes),
	}
}

// lists returns Xero's list of connections for names. An organisation's ID is the name in lower case; the
// connection's ID is the user's ID and the organisation's ID.
func lists(s backend.SignIn, names ...string) []backend.Connection {
	listed := make([]backend.Connection, len(names))
	for i, name := range names {
		id := strings.ToLower(name)
		listed[i] = backend.Connection{
			ID: s.UserID + "-" + id, OrganisationID: id, Name: name, Type: backend.OrganisationType,
			AuthEventID: "event", CreatedAt: noon, UpdatedAt: noon,
		}
	}
	return listed
}

func reconcile(t tb, r *sqlite.Register, s backend.SignIn, listed []backend.Connection, minutes int) backend.Changes {
	t.Helper()
	changes, err := r.Reconcile(t.Context(), s, backend.List{Connections: listed}, at(minutes))
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func end(t tb, r *sqlite.Register, s backend.SignIn, minutes int) {
	t.Helper()
	must(t, r.EndSignIn(t.Context(), s.SignInKey, backend.RefusedByXero, at(minutes)))
}

func must(t tb, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func page(t tb, r *sqlite.Register, q backend.Query) backend.Page {
	t.Helper()
	p, err := r.Organisations(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// all returns the whole list by name.
func all(t tb, r *sqlite.Register) []backend.Organisation {
	t.Helper()
	return page(t, r, backend.Query{Limit: 500}).Rows
}

func names(organisations []backend.Organisation) string {
	list := make([]string, len(organisations))
	for i, o := range organisations {
		list[i] = o.Name
	}
	return strings.Join(list, ", ")
}

// statuses returns "name status" for each row.
func statuses(organisations []backend.Organisation) string {
	list := make([]string, len(organisations))
	for i, o := range organisations {
		list[i] = o.Name + " " + string(o.Status)
	}
	return strings.Join(list, ", ")
}

// changed returns changes in a line.
func changed(c backend.Changes) string {
	return fmt.Sprintf("added [%s] back [%s] known [%s] removed [%s] total %d",
		names(c.Added), names(c.Reconnected), names(c.AlreadyConnected), names(c.Removed), c.Total)
}

func same(t tb, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// fails checks the code of a failure and returns the detail.
func fails(t tb, err error, code backend.Code) string {
	t.Helper()
	f, ok := errors.AsType[*backend.Failure](err)
	if !ok || f.Code != code {
		t.Fatalf("got %v, want a failure %s", err, code)
	}
	return f.Detail
}

// file opens a register's file without the register, like an SQLite tool.
func file(t tb, folder string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, sqlite.FileName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// change executes statements on a register's file.
func change(t tb, folder, statement string) {
	t.Helper()
	db := file(t, folder)
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// history returns "kind name user" for each event, oldest first.
func history(t tb, folder string) string {
	t.Helper()
	rows, err := file(t, folder).QueryContext(t.Context(),
		"SELECT kind, CASE WHEN was = '' THEN name ELSE was || '>' || name END, user_name FROM history ORDER BY key")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var kind, name, person string
		if err := rows.Scan(&kind, &name, &person); err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(person, " ")
		all = append(all, strings.Join(strings.Fields(kind+" "+name+" "+first), " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, ", ")
}

// files reads every file in a folder.
func files(t tb, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(b)
	}
	return all
}
