package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

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

// Tidy computes the search keys of other versions anew, and deletes renewals older than two years from the
// history. Tidy works in small transactions: an interrupted Tidy has lost nothing, and the next Tidy goes on.
// Without work Tidy only reads.
func (r *Register) Tidy(ctx context.Context, now time.Time) error {
	outdated := millis(now) - renewalAge
	for {
		keys, renewals, err := r.untidy(ctx, outdated)
		if err != nil || !keys && !renewals || r.opening.ReadOnly != nil {
			return err
		}
		err = r.write(ctx, "tidy", func(tx *sql.Tx) error {
			return errors.Join(rekey(ctx, tx), deleteRenewals(ctx, tx, outdated))
		})
		if err != nil {
			return err
		}
	}
}

// renewalAge is the age in milliseconds at which renewals leave the history: two years, one of them a leap
// year. The trigger history_is_not_deleted has the same number.
const renewalAge = 731 * day

// outdatedRenewals is an SQL condition on rows of the history. The last entry counts, too: a wrong clock of the
// computer alone deletes nothing.
const outdatedRenewals = "kind = 'renewed' AND at < min(?, (SELECT max(at) FROM history) - ?)"

// untidy reports which work Tidy has.
func (r *Register) untidy(ctx context.Context, outdated int64) (keys, renewals bool, err error) {
	err = r.read(ctx, "find work to tidy", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM organisations WHERE search_version <> ?),
				EXISTS (SELECT 1 FROM history WHERE `+outdatedRenewals+`)`,
			searchVersion, outdated, renewalAge).Scan(&keys, &renewals)
	})
	return keys, renewals, err
}

// deleteRenewals deletes up to tidyStep outdated renewals.
func deleteRenewals(ctx context.Context, tx *sql.Tx, outdated int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM history WHERE key IN (
		SELECT key FROM history WHERE `+outdatedRenewals+` LIMIT ?)`, outdated, renewalAge, tidyStep)
	return err
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
