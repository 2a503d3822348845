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
