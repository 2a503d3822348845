package xero

import (
	"context"
	"errors"
	"strings"

	"bookring/backend"
)

// Details reads the settings of one organisation: GET
// /api.xro/2.0/Organisation of Xero's accounting API. Country and currency are
// empty if absent or not a code of capital letters.
//
// Fails as [wire.FailedCall] and [wire.FailedStatus] do, with XeroForbidden if
// the sign-in no longer reaches the organisation, or with XeroUnreadable if the
// answer is longer than [MaxAnswer] or describes another organisation.
func (c *Client) Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error) {
	doing := backend.Say.Doing.ReadOrganisation
	if !isGUID(organisationID) {
		return backend.Details{}, backend.Fail(backend.Unexpected, "", errors.New("organisation id is not a GUID"))
	}
	var answer organisations
	if err := c.read(ctx, token, doing, "api.xro/2.0/Organisation", organisationID, &answer); err != nil {
		return backend.Details{}, err
	}
	if len(answer.Organisations) != 1 {
		return backend.Details{}, unreadable(doing, "about %d organisations", len(answer.Organisations))
	}
	o := answer.Organisations[0]
	if o.OrganisationID != "" && !strings.EqualFold(o.OrganisationID, organisationID) {
		return backend.Details{}, unreadable(doing, "about another organisation")
	}
	return backend.Details{Country: letters(o.CountryCode, 2), Currency: letters(o.BaseCurrency, 3)}, nil
}

// organisations is the envelope of /Organisation in JSON. Xero's keys vary in
// case; encoding/json ignores the case of keys.
type organisations struct {
	Organisations []struct {
		OrganisationID string
		CountryCode    string
		BaseCurrency   string
	}
}

// letters returns code if code consists of n capital letters, otherwise "".
func letters(code string, n int) string {
	if len(code) != n || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return code
}
