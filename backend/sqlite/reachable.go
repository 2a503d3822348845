package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"bookring/backend"
)

// Reachable returns every sign-in, ended or not, latest first, with the organisations connected at Xero
// according to the last check.
func (r *Register) Reachable(ctx context.Context) ([]backend.ReachableOrganisations, error) {
	return readAll(ctx, r, "read reachable organisations", scanReachable, `SELECT s.issuer, s.client_id, s.user_id, s.name, s.session_only, s.ended_at IS NOT NULL,
			(SELECT json_group_array(o.name ORDER BY o.name_key, o.id)
			FROM connections c JOIN organisations o ON o.key = c.organisation
			WHERE c.sign_in = s.key AND c.removed_at IS NULL)
		FROM sign_ins s ORDER BY s.signed_in_at DESC, s.key DESC`)
}

func scanReachable(row scanner) (r backend.ReachableOrganisations, err error) {
	var names string
	err = row.Scan(&r.SignIn.Issuer, &r.SignIn.ClientID, &r.SignIn.UserID, &r.SignIn.Name, &r.SignIn.SessionOnly, &r.Ended, &names)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(names), &r.Organisations); err != nil {
		return r, fmt.Errorf("read names: %w", err)
	}
	return r, nil
}
