package xero

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bookring/backend"
)

// Details reads the settings of one organisation: GET
// /api.xro/2.0/Organisation of Xero's accounting API. Country and currency are
// empty if absent or not a code of capital letters. Of several organisations, the one
// with the ID counts.
//
// Fails as [wire.FailedCall] and [wire.FailedStatus] do, with XeroForbidden if
// the sign-in no longer reaches the organisation, or with XeroUnreadable if the
// answer is longer than [MaxAnswer] or describes another organisation.
func (c *Client) Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error) {
	if !isGUID(organisationID) {
		return backend.Details{}, backend.Fail(backend.Unexpected, "", errors.New("organisation id is not a GUID"))
	}
	var found *organisation
	doing := backend.Say.Doing.ReadOrganisation
	err := c.read(ctx, token, doing, "api.xro/2.0/Organisation", organisationID, func(a *answer) (err error) {
		found, err = readOrganisation(a, organisationID)
		return err
	})
	if err != nil {
		return backend.Details{}, err
	}
	return backend.Details{Country: letters(string(found.CountryCode), 2), Currency: letters(string(found.BaseCurrency), 3)}, nil
}

// organisation is an entry of the list in /Organisation. Xero's keys vary in case;
// encoding/json ignores the case of keys.
type organisation struct{ OrganisationID, CountryCode, BaseCurrency text }

// maxOrganisations is the greatest number of entries read of /Organisation. Xero sends a
// single entry.
const maxOrganisations = 100

// readOrganisation reads the envelope of /Organisation. An entry without an ID counts if
// the list has a single entry.
func readOrganisation(a *answer, id string) (found *organisation, err error) {
	if err := a.enter('{'); err != nil {
		return nil, err
	}
	var all []organisation
	for a.More() {
		key, err := a.Token()
		if err != nil {
			return nil, malformed(err)
		}
		if name, ok := key.(string); ok && strings.EqualFold(name, "Organisations") {
			all, err = readOrganisations(a)
		} else {
			_, err = a.next(&ignored{})
		}
		if err != nil {
			return nil, err
		}
	}
	if err := errors.Join(a.leave(), a.end()); err != nil {
		return nil, err
	}
	for _, o := range all {
		if strings.EqualFold(string(o.OrganisationID), id) || o.OrganisationID == "" && len(all) == 1 {
			return &o, nil
		}
	}
	return nil, fmt.Errorf("about %d organisations, none the one asked for", len(all))
}

func readOrganisations(a *answer) (all []organisation, err error) {
	if err := a.enter('['); err != nil {
		return nil, err
	}
	for n := 0; a.More(); n++ {
		if n == maxOrganisations {
			return nil, errors.New("with too many organisations")
		}
		var entry *organisation
		odd, err := a.next(&entry)
		if err != nil {
			return nil, err
		}
		if !odd && entry != nil {
			all = append(all, *entry)
		}
	}
	return all, a.leave()
}

// ignored is a JSON value without interest.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// letters returns code if code consists of n capital letters, otherwise "".
func letters(code string, n int) string {
	if len(code) != n || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return code
}
