package api

import (
	"net/http"
	"strings"
	"time"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

// listedConnection is an entry of GET /connections.
type listedConnection struct {
	ID        string `json:"id"`
	Event     string `json:"authEventId"`
	TenantID  string `json:"tenantId"`
	Type      string `json:"tenantType"`
	Name      string `json:"tenantName"`
	CreatedAt string `json:"createdDateUtc"`
	UpdatedAt string `json:"updatedDateUtc"`
}

// Connections answers GET /connections with a bare array of the connections that the access token reaches.
func (a *API) Connections(r *http.Request) answer.Answer {
	c, header, refusal := a.admit(r)
	if refusal != nil {
		return *refusal
	}
	event := r.URL.Query().Get("authEventId")
	all := []listedConnection{}
	for _, l := range a.state.Listed(c.Person, c.Client) {
		if event != "" && !strings.EqualFold(event, l.Event) {
			continue
		}
		o := a.state.Organisations[l.Organisation]
		all = append(all, listedConnection{
			ID: l.ID, Event: l.Event, TenantID: o.ID, Type: o.Type, Name: o.Name,
			CreatedAt: zoneless(l.Created), UpdatedAt: zoneless(l.Updated),
		})
	}
	return answer.JSON(http.StatusOK, all).WithAll(header).With("xero-correlation-id", world.NewGUID())
}

// zoneless formats a time as in Xero's /connections: UTC, seven decimals, no zone.
func zoneless(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000") }

// Disconnect answers DELETE /connections/{id}. Disconnect refuses tenantId and authEventId, GUIDs that clients confuse
// with the connection's ID.
func (a *API) Disconnect(r *http.Request) answer.Answer {
	c, header, refusal := a.admit(r)
	if refusal != nil {
		return *refusal
	}
	id := strings.ToLower(r.PathValue("id"))
	for _, l := range a.state.Connections(c.Person, c.Client) {
		switch id {
		case l.ID:
			a.state.Disconnect(l.Link)
			return answer.New(http.StatusNoContent, "", nil).WithAll(header)
		case l.Organisation, l.Event:
			return *a.refuse(http.StatusForbidden, "AuthenticationUnsuccessful", header)
		}
	}
	return *a.refuse(http.StatusNotFound, "Resource not found", header)
}
