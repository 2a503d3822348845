package sqlite

import (
	"context"
	"database/sql"

	"bookring/backend"
)

// DisconnectEffects returns the effect of a [backend.DisconnectRequest] on each organisation, before or after
// the request, by name. signIn is the name of the request's sign-in, if the request names a sign-in.
func (r *Register) DisconnectEffects(ctx context.Context, request backend.DisconnectRequest) (all []backend.DisconnectEffect, signIn string, err error) {
	err = r.read(ctx, "read disconnect effects", func(tx *sql.Tx) error {
		if request.SignIn != "" {
			err := tx.QueryRowContext(ctx, `SELECT name FROM sign_ins
				WHERE issuer || '|' || client_id || '|' || user_id = ?`, request.SignIn).Scan(&signIn)
			if ignoreMissing(err) != nil {
				return err
			}
		}
		all, err = disconnectEffects(ctx, tx, request)
		return err
	})
	return all, signIn, err
}

func disconnectEffects(ctx context.Context, tx *sql.Tx, request backend.DisconnectRequest) (all []backend.DisconnectEffect, err error) {
	ids, err := organisationsJSON(request)
	if err != nil {
		return nil, err
	}
	rows, err := query(ctx, tx, scanEffect, `SELECT o.id, o.name, coalesce(s.name, ''), coalesce(`+requested+`, 0),
			coalesce(s.ended_at IS NOT NULL, 0), coalesce(c.left_at IS NOT NULL, 0)
		FROM organisations o
			LEFT JOIN connections c ON c.organisation = o.key AND c.removed_at IS NULL
			LEFT JOIN sign_ins s ON s.key = c.sign_in
		WHERE o.key IN (SELECT o.key FROM organisations o WHERE ?1 = '' AND o.id IN (SELECT value FROM json_each(?2))
			UNION ALL SELECT c.organisation FROM connections c
				JOIN organisations o ON o.key = c.organisation JOIN sign_ins s ON s.key = c.sign_in
			WHERE ?1 <> '' AND c.removed_at IS NULL AND `+requested+`)
		ORDER BY o.name_key, o.id, s.signed_in_at DESC, s.key DESC`, request.SignIn, ids)
	all = []backend.DisconnectEffect{}
	for _, row := range rows {
		if len(all) == 0 || all[len(all)-1].ID != row.id {
			all = append(all, backend.DisconnectEffect{ID: row.id, Name: row.name})
		}
		effect := &all[len(all)-1]
		switch {
		case row.user == "":
		case row.requested && row.ended:
			effect.Ended = append(effect.Ended, row.user)
		case row.requested:
			effect.Through = append(effect.Through, row.user)
		case !row.ended && !row.disconnecting:
			effect.Staying = append(effect.Staying, row.user)
		}
	}
	return all, err
}

// effectRow is a connection, or an organisation without connections and with an empty user.
type effectRow struct {
	id, name, user string
	// requested: the request covers the connection. disconnecting: an earlier request covers the connection.
	requested, ended, disconnecting bool
}

func scanEffect(row scanner) (e effectRow, err error) {
	err = row.Scan(&e.id, &e.name, &e.user, &e.requested, &e.ended, &e.disconnecting)
	return e, err
}
