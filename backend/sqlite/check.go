package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// inspect looks at the file without changing it: a newer or damaged one is
// refused before anything is opened for writing. sound is false if only a
// writer can look; fresh is a database in which nothing was ever made.
func inspect(ctx context.Context, file string) (sound, fresh bool, err error) {
	db, err := sql.Open(driverName, source(file, "mode", "ro"))
	if err != nil {
		return false, false, fmt.Errorf("name the source: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	has, err := check(ctx, db)
	if needsWriter(err) {
		return false, false, nil
	}
	return err == nil, err == nil && has == 0, err
}

// check returns the version of a database; 0 is one in which nothing was ever
// made. It fails with errNewer, errDamaged or an error of SQLite's.
func check(ctx context.Context, db *sql.DB) (has int, err error) {
	var application, tables int
	err = errors.Join(
		db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&application),
		db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&has),
		db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables),
	)
	switch {
	case err != nil:
		return 0, fmt.Errorf("read header: %w", asDamage(err))
	case application == 0 && has == 0 && tables == 0:
		return 0, nil
	case application != applicationID || has <= 0 || tables == 0:
		return 0, fmt.Errorf("application %#x, version %d: %w", application, has, errDamaged)
	case has > version:
		return has, errNewer
	}
	if err := checkPages(ctx, db); err != nil {
		return has, err
	}
	return has, checkTables(ctx, db, has)
}

// checkPages reads every page. The quicker quick_check does not see damage of
// an index.
func checkPages(ctx context.Context, db *sql.DB) error {
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return fmt.Errorf("check pages: %w", err)
	}
	if found != "ok" {
		// What it found may quote a client's data: it stays out of the error.
		return fmt.Errorf("check pages: %w", errDamaged)
	}
	var orphans int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&orphans); err != nil {
		return fmt.Errorf("check references: %w", asDamage(err))
	}
	if orphans != 0 {
		return fmt.Errorf("%d rows refer to nothing: %w", orphans, errDamaged)
	}
	return nil
}

// checkTables fails with errDamaged unless everything that a version makes is
// there, to the last column, and nothing that only a later one makes. SQLite
// finds nothing wrong with a name, or a version, that a flipped bit has changed.
func checkTables(ctx context.Context, db *sql.DB, has int) error {
	want, counts, err := tablesOf(ctx, has)
	if err != nil {
		return err
	}
	made, err := tables(ctx, db)
	if err != nil {
		return fmt.Errorf("check tables: %w", asDamage(err))
	}
	for name := range want {
		if !made[name] {
			return fmt.Errorf("check tables: one is missing: %w", errDamaged)
		}
	}
	if has < version {
		later, _, err := tablesOf(ctx, version)
		if err != nil {
			return err
		}
		for name := range later {
			if made[name] && !want[name] {
				return fmt.Errorf("check tables: one is of a later version: %w", errDamaged)
			}
		}
	}
	for _, count := range counts {
		var same bool
		if err := db.QueryRowContext(ctx, count).Scan(&same); err != nil {
			return fmt.Errorf("check indexes: %w", asDamage(err))
		}
		if !same {
			return fmt.Errorf("check indexes: one is of something else: %w", errDamaged)
		}
	}
	return nil
}

// tablesOf returns what a version makes, by making it, and how to count that.
func tablesOf(ctx context.Context, has int) (made map[string]bool, counts []string, err error) {
	db, err := sql.Open("sqlite", "file::memory:?_txlock=immediate")
	if err != nil {
		return nil, nil, fmt.Errorf("name the source: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	for range has {
		if _, err := migrateStep(ctx, db, has); err != nil {
			return nil, nil, err
		}
	}
	if made, err = tables(ctx, db); err == nil {
		counts, err = countsOf(ctx, db)
	}
	return made, counts, err
}

// countsOf returns, for every table and every index, a statement that says whether
// it has as many entries as its table has rows for it. integrity_check does not see
// it where two of them have changed places and one is empty, or partial.
func countsOf(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, `
		WITH b AS (SELECT tbl_name,
		                  iif(type = 'index', format('INDEXED BY "%w"', name), 'NOT INDEXED') AS by,
		                  iif(type = 'index', coalesce(substr(sql, nullif(instr(sql, ' WHERE '), 0)), ''), '') AS only
		             FROM sqlite_schema WHERE rootpage > 0)
		SELECT format('SELECT (SELECT count(*) FROM "%w" %s%s) = (SELECT count(*) FROM "%w" NOT INDEXED%s)',
		              tbl_name, by, only, tbl_name, only)
		  FROM b`)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (count string, err error) { return count, row.Scan(&count) })
}

// tables lists every table, view, index and trigger, and the columns of each.
func tables(ctx context.Context, db *sql.DB) (map[string]bool, error) {
	rows, err := db.QueryContext(ctx, `SELECT s.type || ' ' || s.name || ' ' || coalesce(c.name, '')
		FROM sqlite_schema s LEFT JOIN pragma_table_info(s.name) c ON s.type IN ('table', 'view')`)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(row scanner) (name string, err error) { return name, row.Scan(&name) })
	made := map[string]bool{}
	for _, name := range all {
		made[name] = true
	}
	return made, err
}
