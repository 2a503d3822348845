package sqlite

import (
	"context"
	"database/sql"

	"bookring/backend"
)

// Usage returns the usage of every sign-in with connections; of an ended sign-in, the usage at the end.
// SignInUsage.First holds up to names organisations without another living sign-in, and up to names others.
func (r *Register) Usage(ctx context.Context, names int) (usage map[backend.SignInKey]backend.SignInUsage, err error) {
	usage = map[backend.SignInKey]backend.SignInUsage{}
	err = r.read(ctx, "read usage of sign-ins", func(tx *sql.Tx) error {
		// place numbers the organisations of a sign-in. Every row repeats the sign-in's counts.
		all, err := query(ctx, tx, scanUsage, `
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
		for _, row := range all {
			u := usage[row.key]
			u.Organisations, u.Only = row.organisations, row.only
			u.First = append(u.First, row.organisation)
			usage[row.key] = u
		}
		return err
	})
	return usage, err
}

// usageRow is an organisation of a sign-in, with the counts of the sign-in.
type usageRow struct {
	key                 backend.SignInKey
	organisations, only int
	organisation        backend.UsedOrganisation
}

func scanUsage(row scanner) (u usageRow, err error) {
	err = row.Scan(&u.key.Issuer, &u.key.ClientID, &u.key.UserID, &u.organisations, &u.only, &u.organisation.Name, &u.organisation.Only)
	return u, err
}
