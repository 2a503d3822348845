package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"bookring/backend"
	"bookring/backend/sqlite/database"
)

// maxLimit is the maximum number of rows of a [backend.Page].
const maxLimit = 500

// statuses is indexed by the column standing of the view "listed".
var statuses = [...]backend.Status{
	backend.SignInAgain, backend.Removed, backend.NoAccess, backend.NotChecked, backend.Connected, backend.Disconnected,
}

// orders holds the order in columns of "listed" for each [backend.Sort]. An unknown country or currency comes
// last in both directions.
var orders = map[backend.Sort]string{
	backend.ByName:        "name_key",
	backend.ByStatus:      "standing",
	backend.BySignIn:      "carrier_key",
	backend.ByLastChecked: "last_checked_at",
	backend.ByCountry:     "country = '', country",
	backend.ByCurrency:    "currency = '', currency",
}

// Organisations returns a page of the list. Rows with equal values are in order of name, then ID, also if
// Descending. An unknown Sort means ByName. A Limit above 500 means 500; with Limit 0 the page has counts and
// no rows.
func (r *Register) Organisations(ctx context.Context, q backend.Query) (page backend.Page, err error) {
	err = r.read(ctx, "read organisations", func(tx *sql.Tx) error {
		where, words := condition(q)
		page, err = count(ctx, tx, q, where, words)
		if err != nil {
			return err
		}
		keys, err := choose(ctx, tx, q, where, words)
		if err != nil {
			return err
		}
		page.Rows, err = organisations(ctx, tx, keys)
		return err
	})
	return page, err
}

// IDs returns the IDs of all organisations matching a query, in the query's order. IDs ignores Limit and
// Offset.
func (r *Register) IDs(ctx context.Context, q backend.Query) ([]string, error) {
	where, words := condition(q)
	return readAll(ctx, r, "read IDs", scanID, "SELECT id FROM listed WHERE "+where+" ORDER BY "+order(q), words...)
}

// condition returns the query's SQL condition on a row of "listed", and the values of the parameters.
func condition(q backend.Query) (where string, words []any) {
	terms := []string{"1"}
	if q.Attention {
		terms = append(terms, "standing < 3")
	}
	for _, forms := range searchTerms(q.Search) {
		var one []string
		for _, form := range forms {
			// Unlike LIKE, instr has no wildcards.
			one = append(one, "instr("+searchColumn+", ?) > 0")
			words = append(words, form)
		}
		terms = append(terms, "("+strings.Join(one, " OR ")+")")
	}
	return strings.Join(terms, " AND "), words
}

func count(ctx context.Context, tx *sql.Tx, q backend.Query, where string, words []any) (page backend.Page, err error) {
	var connected, disconnected int
	err = tx.QueryRowContext(ctx, "SELECT total, connected, disconnected FROM tally").Scan(&page.Total, &connected, &disconnected)
	if err != nil {
		return page, fmt.Errorf("count: %w", err)
	}
	page.Attention = page.Total - connected - disconnected
	switch {
	case len(words) > 0:
		err = tx.QueryRowContext(ctx, "SELECT count(*) FROM listed WHERE "+where, words...).Scan(&page.Matching)
	case q.Attention:
		page.Matching = page.Attention
	default:
		page.Matching = page.Total
	}
	if err != nil {
		return page, fmt.Errorf("count matching: %w", err)
	}
	return page, nil
}

// choose returns the keys of the page's rows in order. The costly columns are read later, for the chosen rows
// only.
func choose(ctx context.Context, tx *sql.Tx, q backend.Query, where string, words []any) ([]int64, error) {
	limit, offset := min(max(q.Limit, 0), maxLimit), max(q.Offset, 0)
	return query(ctx, tx, scanKey, "SELECT key FROM listed WHERE "+where+" ORDER BY "+order(q)+" LIMIT ? OFFSET ?",
		append(words, limit, offset)...)
}

// order returns the SQL of a query's order.
func order(q backend.Query) string {
	by, ok := orders[q.Sort]
	if !ok {
		by = orders[backend.ByName]
	}
	if q.Descending {
		by += " DESC"
	}
	return by + ", name_key, id"
}

// organisations returns the organisations of keys, in the order of keys.
func organisations(ctx context.Context, tx *sql.Tx, keys []int64) ([]backend.Organisation, error) {
	if len(keys) == 0 {
		return []backend.Organisation{}, nil
	}
	wanted, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	return query(ctx, tx, scanOrganisation, `SELECT o.id, o.name, o.standing, o.sign_ins, o.last_checked_at, o.country, o.currency, o.trouble, o.pending,
			`+signInColumns+`
		FROM json_each(?) AS wanted CROSS JOIN listed o ON o.key = wanted.value
			CROSS JOIN sign_ins s ON s.key = (SELECT r.key FROM reach r WHERE r.organisation = o.key
				ORDER BY r.gone, r.ended, r.trouble <> '', r.signed_in_at DESC, r.key DESC LIMIT 1)
		ORDER BY wanted.key`, string(wanted))
}

func scanOrganisation(row scanner) (o backend.Organisation, err error) {
	var standing int
	var signIns, trouble string
	var pending backend.Pending
	var checked int64
	var carrier signInRow
	err = row.Scan(append([]any{&o.ID, &o.Name, &standing, &signIns, &checked, &o.Country, &o.Currency, &trouble, &pending}, carrier.into()...)...)
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal([]byte(signIns), &o.SignIns); err != nil {
		return o, fmt.Errorf("read names of sign-ins: %w", errors.Join(database.ErrDamaged, err))
	}
	o.LastChecked, o.FirstSignIn = instant(checked), carrier.signIn()
	o.Status, err = status(standing)
	switch o.Status {
	case backend.NotChecked:
		o.Trouble = backend.Code(trouble)
	case backend.Disconnected:
		o.Pending = pending
	}
	return o, err
}

func status(standing int) (backend.Status, error) {
	if standing < 0 || standing >= len(statuses) {
		return "", fmt.Errorf("standing %d: %w", standing, database.ErrDamaged)
	}
	return statuses[standing], nil
}
