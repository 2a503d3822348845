package xero

import (
	"cmp"
	"context"
	"encoding/hex"
	"strings"
	"time"

	"bookring/backend"
)

// Connections returns the sign-in's connections of every type, in Xero's order:
// GET /connections of Xero's identity API. Texts are plain; a missing name
// becomes backend.Say.Name.Missing. IDs are GUIDs in lower case, times are UTC;
// an invalid date becomes the zero time.
//
// Fails as [wire.FailedCall] and [wire.FailedStatus] do, or with XeroUnreadable
// if the answer is longer than [MaxAnswer], is not a JSON list, or holds an entry
// with a malformed ID.
func (c *Client) Connections(ctx context.Context, token backend.Token) ([]backend.Connection, error) {
	doing := backend.Say.Doing.ReadConnections
	var answer []connection
	if err := c.read(ctx, token, doing, "connections", "", &answer); err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, unreadable(doing, "null instead of a list")
	}
	listed := make([]backend.Connection, 0, len(answer))
	for i, entry := range answer {
		if !isGUID(entry.ID) || !isGUID(entry.TenantID) {
			return nil, unreadable(doing, "with a malformed id in entry %d of %d", i, len(answer))
		}
		listed = append(listed, entry.plain())
	}
	return listed, nil
}

// connection is an entry of /connections in JSON.
type connection struct {
	ID             string `json:"id"`
	AuthEventID    string `json:"authEventId"`
	TenantID       string `json:"tenantId"`
	TenantType     string `json:"tenantType"`
	TenantName     string `json:"tenantName"`
	CreatedDateUTC string `json:"createdDateUtc"`
	UpdatedDateUTC string `json:"updatedDateUtc"`
}

func (w connection) plain() backend.Connection {
	c := backend.Connection{
		ID:             strings.ToLower(w.ID),
		OrganisationID: strings.ToLower(w.TenantID),
		Name:           cmp.Or(backend.PlainText(w.TenantName), backend.Say.Name.Missing),
		Type:           backend.PlainText(w.TenantType),
		CreatedAt:      date(w.CreatedDateUTC),
		UpdatedAt:      date(w.UpdatedDateUTC),
	}
	// The event ID is for display only, so a malformed event ID is no failure.
	if isGUID(w.AuthEventID) {
		c.AuthEventID = strings.ToLower(w.AuthEventID)
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
