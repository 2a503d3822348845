package xero

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bookring/backend"
)

// maxEntries is the greatest number of entries read of a list: twice the 10,000
// connections of the largest plan.
const maxEntries = 20_000

// Connections returns the sign-in's connections of every type, in Xero's order:
// GET /connections of Xero's identity API. Texts are plain; a missing name
// becomes backend.Say.Name.Missing. IDs are GUIDs in lower case, times are UTC;
// an invalid date becomes the zero time, an organisation's type has capital letters.
//
// An entry without valid IDs or without a type is odd, and so is every entry with the
// connection ID of another organisation's entry. An answer that ends early, has more than
// 20,000 entries, is longer than [MaxAnswer] or does not end with the list is cut. The
// list holds the other entries.
//
// Fails as [wire.FailedCall] and [wire.FailedStatus] do, or with XeroUnreadable
// if the answer is no JSON list, or if no entry of an odd or cut list is understood.
func (c *Client) Connections(ctx context.Context, token backend.Token) (backend.List, error) {
	var list backend.List
	doing := backend.Say.Doing.ReadConnections
	err := c.read(ctx, token, doing, "connections", "", func(a *answer) (err error) {
		list, err = connections(a)
		return err
	})
	return list, err
}

// connections reads a list. The error of an odd or cut list counts only if no entry was
// understood.
func connections(a *answer) (backend.List, error) {
	if err := a.enter('['); err != nil {
		return backend.List{}, err
	}
	l := backend.List{Connections: []backend.Connection{}}
	err := readEntries(a, &l)
	l.Cut = err != nil
	l.Connections = withoutAmbiguous(l.Connections)
	l.Odd = l.Entries - len(l.Connections)
	switch {
	case len(l.Connections) > 0 || l.Whole():
		return l, nil
	case err == nil:
		err = fmt.Errorf("with %d entries, none understood", l.Entries)
	}
	return backend.List{}, err
}

func readEntries(a *answer, l *backend.List) error {
	for ; a.More(); l.Entries++ {
		if l.Entries == maxEntries {
			return errors.New("with too many entries")
		}
		var entry connection
		odd, err := a.next(&entry)
		if err != nil {
			return err
		}
		if !odd && isGUID(string(entry.ID)) && isGUID(string(entry.TenantID)) && backend.PlainText(string(entry.TenantType)) != "" {
			l.Connections = append(l.Connections, entry.plain())
		}
	}
	if err := a.leave(); err != nil {
		return err
	}
	return a.end()
}

// withoutAmbiguous returns the connections without those of different organisations under
// one connection ID: a disconnect by the ID could end another organisation's connection.
func withoutAmbiguous(all []backend.Connection) []backend.Connection {
	of, ambiguous := map[string]string{}, map[string]bool{}
	for _, c := range all {
		if other, twice := of[c.ID]; twice && other != c.OrganisationID {
			ambiguous[c.ID] = true
		}
		of[c.ID] = c.OrganisationID
	}
	return slices.DeleteFunc(all, func(c backend.Connection) bool { return ambiguous[c.ID] })
}

// connection is an entry of /connections in JSON.
type connection struct {
	ID             text `json:"id"`
	AuthEventID    text `json:"authEventId"`
	TenantID       text `json:"tenantId"`
	TenantType     text `json:"tenantType"`
	TenantName     text `json:"tenantName"`
	CreatedDateUTC text `json:"createdDateUtc"`
	UpdatedDateUTC text `json:"updatedDateUtc"`
}

func (w connection) plain() backend.Connection {
	c := backend.Connection{
		ID:             strings.ToLower(string(w.ID)),
		OrganisationID: strings.ToLower(string(w.TenantID)),
		Name:           cmp.Or(backend.PlainText(string(w.TenantName)), backend.Say.Name.Missing),
		Type:           backend.PlainText(string(w.TenantType)),
		CreatedAt:      date(string(w.CreatedDateUTC)),
		UpdatedAt:      date(string(w.UpdatedDateUTC)),
	}
	if strings.EqualFold(c.Type, backend.OrganisationType) {
		c.Type = backend.OrganisationType
	}
	// The event ID is for display only, so a malformed event ID is no failure.
	if id := string(w.AuthEventID); isGUID(id) {
		c.AuthEventID = strings.ToLower(id)
	}
	return c
}

// date parses Xero's dates. The dates are UTC, mostly without a zone:
// 2019-12-07T18:46:19.5165400.
func date(s string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

func isGUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	_, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	return err == nil
}
