package sqlite

import (
	"context"
	"database/sql"
	"time"

	"bookring/backend"
)

// SaveDetails records the details of an organisation and ends a refusal. SaveDetails ignores an unknown
// organisation.
func (r *Register) SaveDetails(ctx context.Context, organisationID string, d backend.Details, at time.Time) error {
	return r.exec(ctx, "save details", `UPDATE organisations
		SET country = ?, currency = ?, details_read_at = ?, refused_at = NULL WHERE id = ?`,
		d.Country, d.Currency, millis(at), organisationID)
}

// SaveRefusal records that Xero refused access to the details of an organisation. The refusal ends with
// SaveDetails, or with Reconcile if the organisation was removed and is connected again.
func (r *Register) SaveRefusal(ctx context.Context, organisationID string, at time.Time) error {
	return r.write(ctx, "save refusal", func(tx *sql.Tx) error {
		var name string
		err := tx.QueryRowContext(ctx, `UPDATE organisations SET refused_at = ?
			WHERE id = ? AND refused_at IS NULL RETURNING name`, millis(at), organisationID).Scan(&name)
		if err != nil {
			return ignoreMissing(err)
		}
		return record(ctx, tx, event{at: at, kind: refused, organisation: organisationID, name: name})
	})
}

// StaleDetails returns the sign-in's organisations without a reading of the details between since
// and until. Organisations without any reading come first, then the oldest readings.
func (r *Register) StaleDetails(ctx context.Context, key backend.SignInKey, since, until time.Time) ([]backend.StaleDetails, error) {
	return readAll(ctx, r, "read stale details", scanStale, `SELECT o.id, o.details_read_at FROM organisations o
			JOIN connections c ON c.organisation = o.key AND c.removed_at IS NULL AND c.left_at IS NULL
			JOIN sign_ins s ON s.key = c.sign_in
		WHERE s.issuer = ? AND s.client_id = ? AND s.user_id = ?
			AND (o.details_read_at IS NULL OR o.details_read_at NOT BETWEEN ? AND ?)
		ORDER BY o.details_read_at, o.key`, key.Issuer, key.ClientID, key.UserID, millis(since), millis(until))
}

func scanStale(row scanner) (s backend.StaleDetails, err error) {
	var at sql.NullInt64
	err = row.Scan(&s.OrganisationID, &at)
	s.ReadAt = happened(at)
	return s, err
}
