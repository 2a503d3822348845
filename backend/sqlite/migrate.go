package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
)

// migrations holds one file for each version: N.sql makes version N out of
// version N-1. A file that was released is never edited.
//
//go:embed migrations/*.sql
var migrations embed.FS

// version is what this program writes, and the newest that it reads.
const version = 4

// applicationID marks the file as Bookring's; migrations/1.sql writes it.
const applicationID = 0x424B5247

// migrate brings the database to [version], one immediate transaction a step:
// a step is done wholly or not at all. What was made by an older version is
// backed up before; that this did not work is no reason to stay with it.
func migrate(ctx context.Context, db *sql.DB, folder string) error {
	var has int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&has); err != nil {
		return fmt.Errorf("read version: %w", err)
	}
	if has > 0 && has < version {
		_ = backUp(ctx, db, folder)
	}
	for {
		done, err := migrateStep(ctx, db, version)
		if done || err != nil {
			return err
		}
	}
}

// migrateStep makes the next version, up to a last one.
func migrateStep(ctx context.Context, db *sql.DB, last int) (done bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("begin migration: %w", err)
	}
	defer rollback(tx, &err)
	var has int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&has); err != nil {
		return false, fmt.Errorf("read version: %w", err)
	}
	if has == last {
		return true, nil
	}
	if has > last {
		return false, errNewer
	}
	statements, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", has+1))
	if err != nil {
		return false, fmt.Errorf("version %d: %w", has, errors.Join(errDamaged, err))
	}
	if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
		return false, fmt.Errorf("migrate to version %d: %w", has+1, asDamage(err))
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", has+1)); err != nil {
		return false, fmt.Errorf("write version %d: %w", has+1, err)
	}
	return false, tx.Commit()
}
