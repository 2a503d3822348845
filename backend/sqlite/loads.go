package sqlite

import (
	"context"
	"database/sql"

	"bookring/backend"
)

// Loads returns, for every sign-in, what it carries, or carried when it ended;
// so many names at most of what only it reaches, and as many of the rest.
func (r *Register) Usage(ctx context.Context, names int) (loads map[backend.SignInKey]backend.SignInUsage, err error) {
	loads = map[backend.SignInKey]backend.SignInUsage{}
	err = r.read(ctx, "read what sign-ins carry", func(tx *sql.Tx) error {
		// place counts within a sign-in; the counts are in every row of it.
		rows, err := tx.QueryContext(ctx, `
			WITH carried AS (
				SELECT r.key, r.organisation,
				       NOT EXISTS (SELECT 1 FROM reach x WHERE x.organisation = r.organisation
				           AND x.key <> r.key AND NOT x.gone AND NOT x.ended) AS alone
				FROM reach r WHERE NOT r.gone),
			placed AS (
				SELECT c.key, c.alone, o.name,
				       count(*) OVER all_of AS organisations, sum(c.alone) OVER all_of AS only,
				       row_number() OVER (PARTITION BY c.key, c.alone ORDER BY o.name_key, o.id) AS place
				FROM carried c JOIN organisations o ON o.key = c.organisation
				WINDOW all_of AS (PARTITION BY c.key))
			SELECT s.issuer, s.client_id, s.user_id, p.organisations, p.only, p.name, p.alone
			FROM placed p JOIN sign_ins s ON s.key = p.key WHERE p.place <= max(?, 1) ORDER BY p.key, p.alone DESC, p.place`, names)
		if err != nil {
			return err
		}
		all, err := collect(rows, scanLoad)
		for _, one := range all {
			l := loads[one.key]
			l.Organisations, l.Only = one.organisations, one.only
			l.First = append(l.First, one.carried)
			loads[one.key] = l
		}
		return err
	})
	return loads, err
}

// load is one organisation of a sign-in, with the counts of them all.
type load struct {
	key                 backend.SignInKey
	organisations, only int
	carried             backend.UsedOrganisation
}

func scanLoad(row scanner) (l load, err error) {
	err = row.Scan(&l.key.Issuer, &l.key.ClientID, &l.key.UserID, &l.organisations, &l.only, &l.carried.Name, &l.carried.Only)
	return l, err
}
