package sqlite

import (
	"context"
	"database/sql"
	"time"

	"bookring/backend"
)

// Counts returns the number of organisations of each occurring status, in the order of [backend.Status].
func (r *Register) Counts(ctx context.Context) ([]backend.Count, error) {
	return readAll(ctx, r, "count by status", scanCount,
		"SELECT standing, count(*) FROM listed GROUP BY standing ORDER BY standing")
}

func scanCount(row scanner) (c backend.Count, err error) {
	var standing int
	if err := row.Scan(&standing, &c.Organisations); err != nil {
		return c, err
	}
	c.Status, err = status(standing)
	return c, err
}

// CheckedSince counts the organisations checked since a time.
func (r *Register) CheckedSince(ctx context.Context, since time.Time) (count int, err error) {
	err = r.read(ctx, "count checked", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM organisations WHERE last_checked_at >= ?", millis(since)).Scan(&count)
	})
	return count, err
}
