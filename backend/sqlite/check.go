package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// inspect looks at the file without changing it: a newer or damaged one is
// refused before anything is opened for writing. sound is false if only a
// writer can look.
func inspect(ctx context.Context, file string) (sound bool, err error) {
	db, err := sql.Open("sqlite", source(file, "mode", "ro"))
	if err != nil {
		return false, fmt.Errorf("name the source: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = check(ctx, db)
	if needsWriter(err) {
		return false, nil
	}
	return err == nil, err
}

// check fails with errNewer, errDamaged or an error of SQLite's.
func check(ctx context.Context, db *sql.DB) error {
	var application, has, tables int
	err := errors.Join(
		db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&application),
		db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&has),
		db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables),
	)
	switch {
	case err != nil:
		return fmt.Errorf("read header: %w", err)
	case application == 0 && has == 0 && tables == 0:
		return nil
	case application != applicationID || has <= 0 || tables == 0:
		return fmt.Errorf("application %#x, version %d: %w", application, has, errDamaged)
	case has > version:
		return errNewer
	}
	return checkPages(ctx, db)
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
		return fmt.Errorf("check references: %w", err)
	}
	if orphans != 0 {
		return fmt.Errorf("%d rows refer to nothing: %w", orphans, errDamaged)
	}
	return nil
}
