package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	engine "modernc.org/sqlite"
)

// tidyStep is the number of rows of a transaction of [Register.Tidy]. Other writes wait for a transaction.
const tidyStep = 500

// searchColumn is the search key of a row of "listed". Before [Register.Tidy] is done, SQLite computes the
// keys of another version during the search: every search is complete.
var searchColumn = fmt.Sprintf("iif(search_version = %d, search_key, bookring_search_key(name))", searchVersion)

func init() {
	engine.MustRegisterDeterministicScalarFunction("bookring_search_key", 1,
		func(_ *engine.FunctionContext, values []driver.Value) (driver.Value, error) {
			name, _ := values[0].(string)
			return searchKey(name), nil
		})
}

// Tidy computes the search keys of other versions anew. Tidy works in small transactions: an interrupted Tidy
// has lost nothing, and the next Tidy goes on. Without work Tidy only reads.
func (r *Register) Tidy(ctx context.Context) error {
	for {
		due, err := r.untidy(ctx)
		if err != nil || !due || r.opening.ReadOnly != nil {
			return err
		}
		if err := r.write(ctx, "make search keys", func(tx *sql.Tx) error { return rekey(ctx, tx) }); err != nil {
			return err
		}
	}
}

// untidy reports whether Tidy has work.
func (r *Register) untidy(ctx context.Context) (due bool, err error) {
	err = r.read(ctx, "find old search keys", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM organisations WHERE search_version <> ?)", searchVersion).Scan(&due)
	})
	return due, err
}

// rekey computes up to tidyStep search keys.
func rekey(ctx context.Context, tx *sql.Tx) error {
	type named struct {
		key  int64
		name string
	}
	scan := func(row scanner) (n named, err error) {
		err = row.Scan(&n.key, &n.name)
		return n, err
	}
	old, err := query(ctx, tx, scan, "SELECT key, name FROM organisations WHERE search_version <> ? LIMIT ?", searchVersion, tidyStep)
	for _, o := range old {
		_, failed := tx.ExecContext(ctx, "UPDATE organisations SET search_key = ?, search_version = ? WHERE key = ?",
			searchKey(o.name), searchVersion, o.key)
		err = errors.Join(err, failed)
	}
	return err
}
