package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// inspect verifies a file without changing the file. inspect returns errNewer or [ErrDamaged] before any
// connection opens the file for writing.
//
// verified is false if SQLite must write before SQLite can read the file. empty reports a database without
// tables.
func (s Schema) inspect(ctx context.Context, path string) (verified, empty bool, err error) {
	db, err := sql.Open(driverName, dataSource(path, "mode", "ro"))
	if err != nil {
		return false, false, fmt.Errorf("open data source: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	version, err := s.verify(ctx, db)
	if needsWriter(err) {
		return false, false, nil
	}
	return err == nil, err == nil && version == 0, err
}

// verify checks a whole database and returns the version; 0 is a database without tables. Errors: errNewer,
// [ErrDamaged] or an error of SQLite.
func (s Schema) verify(ctx context.Context, db *sql.DB) (version int, err error) {
	var application, tables int
	err = errors.Join(
		db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&application),
		db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version),
		db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables),
	)
	switch {
	case err != nil:
		return 0, fmt.Errorf("read header: %w", asDamage(err))
	case application == 0 && version == 0 && tables == 0:
		return 0, nil
	case application != s.ApplicationID || version <= 0 || tables == 0:
		return 0, fmt.Errorf("application %#x, version %d: %w", application, version, ErrDamaged)
	case version > s.Version:
		return version, errNewer
	}
	if err := verifyPages(ctx, db); err != nil {
		return version, err
	}
	return version, s.verifyObjects(ctx, db, version)
}

// verifyPages reads every page and every reference. (The faster quick_check does not find a damaged index.)
func verifyPages(ctx context.Context, db *sql.DB) error {
	var result string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&result); err != nil {
		return fmt.Errorf("verify pages: %w", err)
	}
	if result != "ok" {
		// The result can quote a client's data and stays out of the error.
		return fmt.Errorf("verify pages: %w", ErrDamaged)
	}
	var orphans int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&orphans); err != nil {
		return fmt.Errorf("verify references: %w", asDamage(err))
	}
	if orphans != 0 {
		return fmt.Errorf("%d rows refer to missing rows: %w", orphans, ErrDamaged)
	}
	return nil
}

// verifyObjects returns [ErrDamaged] unless a database holds every table, column, view, index and trigger of
// a version, and no object of a later version. SQLite does not notice a name or a version changed by a
// flipped bit.
func (s Schema) verifyObjects(ctx context.Context, db *sql.DB, version int) error {
	want, counts, err := s.objectsOf(ctx, version)
	if err != nil {
		return err
	}
	found, err := objects(ctx, db)
	if err != nil {
		return fmt.Errorf("verify tables: %w", asDamage(err))
	}
	for name := range want {
		if !found[name] {
			return fmt.Errorf("verify tables: an object is missing: %w", ErrDamaged)
		}
	}
	if version < s.Version {
		later, _, err := s.objectsOf(ctx, s.Version)
		if err != nil {
			return err
		}
		for name := range later {
			if found[name] && !want[name] {
				return fmt.Errorf("verify tables: an object is of a later version: %w", ErrDamaged)
			}
		}
	}
	for _, count := range counts {
		var equal bool
		if err := db.QueryRowContext(ctx, count).Scan(&equal); err != nil {
			return fmt.Errorf("verify indexes: %w", asDamage(err))
		}
		if !equal {
			return fmt.Errorf("verify indexes: an index does not match the table: %w", ErrDamaged)
		}
	}
	return nil
}
