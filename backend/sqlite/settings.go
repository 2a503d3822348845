package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// Setting returns the value of a setting, "" if it was never saved.
func (r *Register) Setting(ctx context.Context, name string) (value string, err error) {
	err = r.read(ctx, "read setting", func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = ?", name).Scan(&value)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return value, err
}

// SaveSetting keeps a value for a setting. Settings are never secret.
func (r *Register) SaveSetting(ctx context.Context, name, value string) error {
	return r.write(ctx, "save setting", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES (?, ?)
			ON CONFLICT DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}
