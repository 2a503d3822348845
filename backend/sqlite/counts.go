package sqlite

import (
	"context"
	"database/sql"

	"bookring/backend"
)

// Counts returns how many organisations have each status that any has, in the
// order in which they need a person.
func (r *Register) Counts(ctx context.Context) (all []backend.Count, err error) {
	err = r.read(ctx, "count by status", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT standing, count(*) FROM listed GROUP BY standing ORDER BY standing")
		if err != nil {
			return err
		}
		all, err = collect(rows, scanCount)
		return err
	})
	return all, err
}

func scanCount(row scanner) (c backend.Count, err error) {
	var standing int
	if err := row.Scan(&standing, &c.Organisations); err != nil {
		return c, err
	}
	c.Status, err = status(standing)
	return c, err
}
