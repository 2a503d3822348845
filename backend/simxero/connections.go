package simxero

import (
	"net/http"
	"strings"
	"time"
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

// list answers GET /connections: a bare array of all that the token reaches.
func (s *Server) list(r *http.Request) answer {
	a, refusal := s.bearer(r)
	if refusal != nil {
		return *refusal
	}
	header, refusal := s.limitApp(a.grant.client)
	if refusal != nil {
		return *refusal
	}
	event := r.URL.Query().Get("authEventId")
	all := []listedConnection{}
	for _, c := range s.state.listed(a.grant.person, a.grant.client) {
		if event != "" && !strings.EqualFold(event, c.event) {
			continue
		}
		o := s.state.organisations[c.Organisation]
		all = append(all, listedConnection{
			ID: c.id, Event: c.event, TenantID: o.ID, Type: o.Type, Name: o.Name,
			CreatedAt: zoneless(c.created), UpdatedAt: zoneless(c.updated),
		})
	}
	return jsonAnswer(http.StatusOK, all).withAll(header).with("xero-correlation-id", newGUID())
}

// zoneless writes a time as /connections does: UTC, seven decimals, no zone.
func zoneless(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000") }

// remove answers DELETE /connections/{id}. It takes the connection's id and
// refuses the other two GUIDs that clients confuse it with.
func (s *Server) remove(r *http.Request) answer {
	a, refusal := s.bearer(r)
	if refusal != nil {
		return *refusal
	}
	header, refusal := s.limitApp(a.grant.client)
	if refusal != nil {
		return *refusal
	}
	id := strings.ToLower(r.PathValue("id"))
	for l, c := range s.state.connections {
		if l.Person != a.grant.person || l.Client != a.grant.client {
			continue
		}
		switch id {
		case c.id:
			s.disconnect(l)
			return newAnswer(http.StatusNoContent, "", nil).withAll(header)
		case l.Organisation, c.event:
			return s.apiError(http.StatusForbidden, "AuthenticationUnsuccessful").withAll(header)
		}
	}
	return s.apiError(http.StatusNotFound, "Resource not found").withAll(header)
}
