package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"bookring/backend"
)

// SaveDetails writes what an organisation's details said and ends a refusal.
// An organisation that is unknown is left unknown.
func (r *Register) SaveDetails(ctx context.Context, organisationID string, d backend.Details, at time.Time) error {
	return r.write(ctx, "save details", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE organisations
			SET country = ?, currency = ?, details_read_at = ?, refused_at = NULL WHERE id = ?`,
			d.Country, d.Currency, millis(at), organisationID)
		return err
	})
}

// SaveRefusal writes that Xero refused an organisation's details. It holds
// until they were read, or the organisation was removed and came back.
func (r *Register) SaveRefusal(ctx context.Context, organisationID string, at time.Time) error {
	return r.write(ctx, "save refusal", func(tx *sql.Tx) error {
		var name string
		err := tx.QueryRowContext(ctx, `UPDATE organisations SET refused_at = ?
			WHERE id = ? AND refused_at IS NULL RETURNING name`, millis(at), organisationID).Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, event{at: at, kind: refused, organisation: organisationID, name: name})
	})
}

// StaleDetails returns the organisations that a sign-in reaches and whose
// details were not read between two times; never first, then the longest ago.
func (r *Register) StaleDetails(ctx context.Context, key backend.SignInKey, since, until time.Time) (ids []string, err error) {
	err = r.read(ctx, "read stale details", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT o.id FROM organisations o
				JOIN connections c ON c.organisation = o.key AND c.removed_at IS NULL AND c.left_at IS NULL
				JOIN sign_ins s ON s.key = c.sign_in
			WHERE s.issuer = ? AND s.client_id = ? AND s.user_id = ?
				AND (o.details_read_at IS NULL OR o.details_read_at NOT BETWEEN ? AND ?)
			ORDER BY o.details_read_at, o.key`, key.Issuer, key.ClientID, key.UserID, millis(since), millis(until))
		if err != nil {
			return err
		}
		ids, err = collect(rows, scanID)
		return err
	})
	return ids, err
}
