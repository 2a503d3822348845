package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"bookring/backend"
)

// Unreached counts the organisations in [backend.SignInAgain] by the ended
// sign-ins that reached them, most organisations first.
func (r *Register) Unreached(ctx context.Context) (all []backend.Unreached, err error) {
	err = r.read(ctx, "read unreached", func(tx *sql.Tx) error {
		// Counted in groups, and from the ended sign-ins: where none has ended,
		// no organisation is looked at.
		rows, err := tx.QueryContext(ctx, `WITH lost AS (
				SELECT json_group_array(r.key ORDER BY r.signed_in_at DESC, r.key DESC) AS keys
				FROM reach r CROSS JOIN listed o ON o.key = r.organisation
				WHERE r.ended AND NOT r.gone AND o.standing = 0
				GROUP BY r.organisation)
			SELECT (SELECT json_group_array(json_object('Issuer', s.issuer, 'ClientID', s.client_id, 'UserID', s.user_id,
						'Name', s.name, 'Email', s.email) ORDER BY k.key)
					FROM json_each(keys) k JOIN sign_ins s ON s.key = k.value),
				count(*)
			FROM lost GROUP BY keys ORDER BY 2 DESC, 1`)
		if err != nil {
			return err
		}
		all, err = collect(rows, scanUnreached)
		return err
	})
	return all, err
}

func scanUnreached(row scanner) (u backend.Unreached, err error) {
	var people string
	if err := row.Scan(&people, &u.Organisations); err != nil {
		return u, err
	}
	if err := json.Unmarshal([]byte(people), &u.SignIns); err != nil {
		return u, fmt.Errorf("read people: %w", errors.Join(errDamaged, err))
	}
	return u, nil
}
