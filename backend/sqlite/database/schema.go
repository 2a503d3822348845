package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
)

// Schema describes the tables of a database file.
type Schema struct {
	// ApplicationID marks a file as a database of the schema. The first migration writes the ID
	// (https://www.sqlite.org/pragma.html#pragma_application_id).
	ApplicationID int
	// Version is the newest version: Bookring writes the version and refuses files of later versions.
	Version int
	// Migrations holds a file migrations/N.sql for each version N, to migrate from version N-1.
	Migrations fs.FS
}

// migrate brings a database to the schema's version, with a transaction for each step. An older database is
// backed up first; a failed backup does not prevent the migration.
func (f Files) migrate(ctx context.Context, db *sql.DB) error {
	version, err := versionOf(ctx, db)
	if err != nil {
		return err
	}
	if version > 0 && version < f.Schema.Version {
		_ = f.writeBackup(ctx, db)
	}
	return f.Schema.migrateTo(ctx, db, f.Schema.Version)
}

func (s Schema) migrateTo(ctx context.Context, db *sql.DB, last int) error {
	for {
		done, err := s.migrateStep(ctx, db, last)
		if done || err != nil {
			return err
		}
	}
}

// migrateStep migrates to the next version in an immediate transaction. done means: the last version was
// reached before the step.
func (s Schema) migrateStep(ctx context.Context, db *sql.DB, last int) (done bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("begin migration: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	version, err := versionOf(ctx, tx)
	switch {
	case err != nil:
		return false, err
	case version == last:
		return true, tx.Rollback()
	case version > last:
		return false, errNewer
	}
	statements, err := fs.ReadFile(s.Migrations, fmt.Sprintf("migrations/%d.sql", version+1))
	if err != nil {
		return false, fmt.Errorf("version %d: %w", version, errors.Join(ErrDamaged, err))
	}
	if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
		return false, fmt.Errorf("migrate to version %d: %w", version+1, asDamage(err))
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
		return false, fmt.Errorf("write version %d: %w", version+1, err)
	}
	return false, tx.Commit()
}

// versionOf returns a database's version; 0 is a database without tables.
func versionOf(ctx context.Context, db querier) (version int, err error) {
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("read version: %w", err)
	}
	return version, nil
}

// querier is a [sql.DB] or a [sql.Tx].
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}
