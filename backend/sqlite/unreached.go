package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"bookring/backend"
	"bookring/backend/sqlite/database"
)

// Unreached counts the organisations with the status [backend.SignInAgain] for each set of ended sign-ins,
// most organisations first.
func (r *Register) Unreached(ctx context.Context) ([]backend.Unreached, error) {
	// The query starts from the ended sign-ins: without an ended sign-in, SQLite reads no organisation.
	return readAll(ctx, r, "read unreached", scanUnreached, `WITH lost AS (
			SELECT json_group_array(r.key ORDER BY r.signed_in_at DESC, r.key DESC) AS keys
			FROM reach r CROSS JOIN listed o ON o.key = r.organisation
			WHERE r.ended AND NOT r.gone AND o.standing = 0
			GROUP BY r.organisation)
		SELECT (SELECT json_group_array(json_object('Issuer', s.issuer, 'ClientID', s.client_id, 'UserID', s.user_id,
					'Name', s.name, 'Email', s.email) ORDER BY k.key)
				FROM json_each(keys) k JOIN sign_ins s ON s.key = k.value),
			count(*)
		FROM lost GROUP BY keys ORDER BY 2 DESC, 1`)
}

func scanUnreached(row scanner) (u backend.Unreached, err error) {
	var signIns string
	if err := row.Scan(&signIns, &u.Organisations); err != nil {
		return u, err
	}
	if err := json.Unmarshal([]byte(signIns), &u.SignIns); err != nil {
		return u, fmt.Errorf("read sign-ins: %w", errors.Join(database.ErrDamaged, err))
	}
	return u, nil
}
