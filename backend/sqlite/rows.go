package sqlite

import (
	"database/sql"
	"errors"
)

// scanner is a row, of one or of many.
type scanner interface{ Scan(into ...any) error }

// collect scans every row and closes them. No rows are an empty slice.
func collect[T any](rows *sql.Rows, scan func(scanner) (T, error)) (all []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	all = []T{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
