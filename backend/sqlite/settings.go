package sqlite

import (
	"context"
	"database/sql"
)

// Setting returns the value of a setting, or "" for an unknown setting.
func (r *Register) Setting(ctx context.Context, name string) (value string, err error) {
	err = r.read(ctx, "read setting", func(tx *sql.Tx) error {
		return ignoreMissing(tx.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = ?", name).Scan(&value))
	})
	return value, err
}

// SaveSetting records the value of a setting. A setting is never a secret.
func (r *Register) SaveSetting(ctx context.Context, name, value string) error {
	return r.exec(ctx, "save setting", `INSERT INTO settings (name, value) VALUES (?, ?)
		ON CONFLICT DO UPDATE SET value = excluded.value`, name, value)
}
