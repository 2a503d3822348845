package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"bookring/backend"
)

// Reachable returns every sign-in, ended or not, latest first, with the organisations connected at Xero
// according to the last check.
func (r *Register) Reachable(ctx context.Context) ([]backend.ReachableOrganisations, error) {
	return readAll(ctx, r, "read reachable organisations", scanReachable, `SELECT s.issuer, s.client_id, s.user_id, s.name, s.session_only, s.ending, s.ended_at,
			(SELECT json_group_array(o.name ORDER BY o.name_key, o.id)
			FROM connections c JOIN organisations o ON o.key = c.organisation
			WHERE c.sign_in = s.key AND c.removed_at IS NULL)
		FROM sign_ins s ORDER BY s.signed_in_at DESC, s.key DESC`)
}

func scanReachable(row scanner) (r backend.ReachableOrganisations, err error) {
	var names string
	var ended sql.NullInt64
	s := &r.SignIn
	err = row.Scan(&s.Issuer, &s.ClientID, &s.UserID, &s.Name, &s.SessionOnly, &s.Ending, &ended, &names)
	if err != nil {
		return r, err
	}
	r.Ended, s.EndedAt = ended.Valid, happened(ended)
	if err := json.Unmarshal([]byte(names), &r.Organisations); err != nil {
		return r, fmt.Errorf("read names: %w", err)
	}
	return r, nil
}
