package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// objectsOf returns the objects of a version, and the statements of [countsOf] for the version. objectsOf
// migrates a database in memory to learn both.
func (s Schema) objectsOf(ctx context.Context, version int) (names map[string]bool, counts []string, err error) {
	db, err := sql.Open("sqlite", "file::memory:?_txlock=immediate")
	if err != nil {
		return nil, nil, fmt.Errorf("open data source: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // each connection has a separate memory
	if err := s.migrateTo(ctx, db, version); err != nil {
		return nil, nil, err
	}
	if names, err = objects(ctx, db); err == nil {
		counts, err = countsOf(ctx, db)
	}
	return names, counts, err
}

// objects returns "type name column" for each column of a table or view, and "type name " for each index
// and trigger.
func objects(ctx context.Context, db *sql.DB) (map[string]bool, error) {
	names, err := texts(ctx, db, `SELECT s.type || ' ' || s.name || ' ' || coalesce(c.name, '')
		FROM sqlite_schema s LEFT JOIN pragma_table_info(s.name) c ON s.type IN ('table', 'view')`)
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all, err
}

// countsOf returns a statement for each table and index: the statement compares the number of entries with
// the number of rows. (integrity_check accepts two indexes with exchanged pages if an index is empty or
// partial.)
func countsOf(ctx context.Context, db *sql.DB) ([]string, error) {
	return texts(ctx, db, `
		WITH b AS (SELECT tbl_name,
		                  iif(type = 'index', format('INDEXED BY "%w"', name), 'NOT INDEXED') AS by,
		                  iif(type = 'index', coalesce(substr(sql, nullif(instr(sql, ' WHERE '), 0)), ''), '') AS only
		             FROM sqlite_schema WHERE rootpage > 0)
		SELECT format('SELECT (SELECT count(*) FROM "%w" %s%s) = (SELECT count(*) FROM "%w" NOT INDEXED%s)',
		              tbl_name, by, only, tbl_name, only)
		  FROM b`)
}

// texts returns the only column of every row.
func texts(ctx context.Context, db *sql.DB, query string) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
