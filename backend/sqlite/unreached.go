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
				SELECT json_group_array(s.key ORDER BY s.signed_in_at DESC, s.key DESC) AS keys
				FROM sign_ins s
					CROSS JOIN connections c ON c.sign_in = s.key AND c.removed_at IS NULL AND c.left_at IS NULL
					CROSS JOIN listed o ON o.key = c.organisation AND o.standing = 0
				WHERE s.ended_at IS NOT NULL
				GROUP BY c.organisation)
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
