package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"bookring/backend"
)

// maxLimit is the most rows that one [Register.Organisations] returns.
const maxLimit = 500

// statuses are what the numbers in the column standing of "listed" mean.
var statuses = [...]backend.Status{
	backend.SignInAgain, backend.Removed, backend.NoAccess, backend.NotChecked, backend.Connected, backend.Disconnected,
}

// orders are the columns of "listed" to order by. A country or currency that
// is not known yet comes last, whichever way the rest goes.
var orders = map[backend.Sort]string{
	backend.ByName:        "name_key",
	backend.ByStatus:      "standing",
	backend.BySignIn:      "carrier_key",
	backend.ByLastChecked: "last_checked_at",
	backend.ByCountry:     "country = '', country",
	backend.ByCurrency:    "currency = '', currency",
}

// Organisations returns a part of the list. Rows that are equal in the column
// asked for are in order of name, then ID, also when Descending. An unknown
// Sort is ByName; a Limit above 500 is 500, and 0 asks for the counts alone.
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

// IDs returns those of every organisation that fits a query, in its order and
// without its limit.
func (r *Register) IDs(ctx context.Context, q backend.Query) (ids []string, err error) {
	err = r.read(ctx, "read IDs", func(tx *sql.Tx) error {
		where, words := condition(q)
		//nolint:gosec // where and order are ours; what a person typed is bound
		rows, err := tx.QueryContext(ctx, "SELECT id FROM listed WHERE "+where+" ORDER BY "+order(q), words...)
		if err != nil {
			return err
		}
		ids, err = collect(rows, scanID)
		return err
	})
	return ids, err
}

func scanID(row scanner) (id string, err error) {
	err = row.Scan(&id)
	return id, err
}

// condition returns what a row of "listed" must meet, and the values in it.
func condition(q backend.Query) (where string, words []any) {
	terms := []string{"1"}
	if q.Attention {
		terms = append(terms, "standing < 3")
	}
	// Names went through PlainText: only so does a pasted one find its like. It
	// also bounds the number of words.
	for word := range strings.FieldsSeq(fold(backend.PlainText(q.Search))) {
		// instr knows no wildcards, unlike LIKE.
		terms = append(terms, "instr(name_key, ?) > 0")
		words = append(words, word)
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

// choose returns the keys of the rows asked for, in their order. What is costly
// to put together is read afterwards, for these alone.
func choose(ctx context.Context, tx *sql.Tx, q backend.Query, where string, words []any) ([]int64, error) {
	limit, offset := min(max(q.Limit, 0), maxLimit), max(q.Offset, 0)
	rows, err := tx.QueryContext(ctx,
		//nolint:gosec // where and order are ours; what a person typed is bound
		"SELECT key FROM listed WHERE "+where+" ORDER BY "+order(q)+" LIMIT ? OFFSET ?",
		append(words, limit, offset)...)
	if err != nil {
		return nil, fmt.Errorf("choose: %w", err)
	}
	return collect(rows, scanKey)
}

// order returns the columns of "listed" that a query is ordered by.
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

func scanKey(row scanner) (key int64, err error) {
	err = row.Scan(&key)
	return key, err
}

// organisations returns the organisations with these keys, in the order of the keys.
func organisations(ctx context.Context, tx *sql.Tx, keys []int64) ([]backend.Organisation, error) {
	if len(keys) == 0 {
		return []backend.Organisation{}, nil
	}
	wanted, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	rows, err := tx.QueryContext(ctx, `SELECT o.id, o.name, o.standing, o.sign_ins, o.last_checked_at, o.country, o.currency, o.trouble, o.pending,
			`+signInColumns+`
		FROM json_each(?) AS wanted CROSS JOIN listed o ON o.key = wanted.value
			CROSS JOIN sign_ins s ON s.key = (SELECT r.key FROM reach r WHERE r.organisation = o.key
				ORDER BY r.gone, r.ended, r.trouble <> '', r.signed_in_at DESC, r.key DESC LIMIT 1)
		ORDER BY wanted.key`, string(wanted))
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	return collect(rows, scanOrganisation)
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
		return o, fmt.Errorf("read names of sign-ins: %w", errors.Join(errDamaged, err))
	}
	o.LastChecked, o.Carrier = instant(checked), carrier.signIn()
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
		return "", fmt.Errorf("standing %d: %w", standing, errDamaged)
	}
	return statuses[standing], nil
}
