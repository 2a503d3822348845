package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// scanner is a [sql.Row] or the current row of [sql.Rows].
type scanner interface{ Scan(into ...any) error }

// query scans every row of a statement. Without rows, query returns an empty slice, not nil.
func query[T any](ctx context.Context, tx *sql.Tx, scan func(scanner) (T, error), statement string, values ...any) (all []T, err error) {
	rows, err := tx.QueryContext(ctx, statement, values...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all = []T{}
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, rows.Err()
}

// readAll calls [query] in a separate transaction.
func readAll[T any](ctx context.Context, r *Register, action string, scan func(scanner) (T, error), statement string, values ...any) (all []T, err error) {
	err = r.read(ctx, action, func(tx *sql.Tx) error {
		all, err = query(ctx, tx, scan, statement, values...)
		return err
	})
	return all, err
}

func scanID(row scanner) (id string, err error) {
	err = row.Scan(&id)
	return id, err
}

func scanKey(row scanner) (key int64, err error) {
	err = row.Scan(&key)
	return key, err
}

// ignoreMissing returns nil if err is [sql.ErrNoRows], and err otherwise.
func ignoreMissing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
