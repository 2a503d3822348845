package simxero

import (
	"slices"

	"bookring/backend/simxero/identity"
	"bookring/backend/simxero/world"
)

// The methods in this file act at Xero's side while the server runs. Users and organisations are named by ID.

// World returns a copy of the current world with all defaults.
func (s *Server) World() (w World) {
	s.do(func() { w = s.world.World.Complete() })
	return w
}

// Change edits the world: rename, demote, end a trial, or add an organisation. The callback must not retain w.
//
//	server.Change(func(w *simxero.World) { w.Roles[simxero.Membership{p, o}] = simxero.ReadOnly })
func (s *Server) Change(change func(w *World)) { s.do(func() { s.world.Change(change) }) }

// Switch edits the switches.
func (s *Server) Switch(change func(*Switches)) { s.do(func() { change(&s.world.Switches) }) }

// Demote gives a user another role in an organisation.
func (s *Server) Demote(person, organisation string, to Role) {
	s.Change(func(w *World) { w.SetRole(person, organisation, to) })
}

// Rename changes an organisation's name.
func (s *Server) Rename(organisation, name string) {
	s.Change(func(w *World) { w.Edit(organisation, func(o *Organisation) { o.Name = name }) })
}

// EndTrial makes an organisation unreachable for every app.
func (s *Server) EndTrial(organisation string) {
	s.Change(func(w *World) { w.Edit(organisation, func(o *Organisation) { o.TrialEnded = true }) })
}

// ResetDemo resets a demo company and returns the new ID (choice: the name stays). The old connections reach nothing.
func (s *Server) ResetDemo(organisation string) string {
	id := world.NewGUID()
	s.Change(func(w *World) {
		w.Edit(organisation, func(o *Organisation) { o.ID = id })
		for m, role := range w.Roles {
			if m.Organisation == organisation {
				w.SetRole(m.Person, id, role)
			}
		}
	})
	return id
}

// DisconnectInXero disconnects an organisation as the user can in Xero under Connected apps: for every app. The
// tokens remain valid.
func (s *Server) DisconnectInXero(person, organisation string) {
	s.do(func() {
		for _, c := range s.world.World.Clients {
			s.world.Disconnect(Link{Person: person, Organisation: organisation, Client: c.ID})
		}
	})
}

// Revoke ends a user's consent to a client: every token and every connection.
func (s *Server) Revoke(person, client string) { s.do(func() { s.identity.Revoke(person, client) }) }

// EndTokens ends every token of a user for a client. The connections remain.
func (s *Server) EndTokens(person, client string) {
	s.do(func() { s.identity.EndTokens(person, client) })
}

// Consent grants scopes to a client for a user without a browser, and returns the refresh token.
func (s *Server) Consent(person, client string, scopes ...string) (refreshToken string) {
	s.do(func() {
		refreshToken = s.identity.Grant(identity.Consent{
			Person: person, Client: client, Scopes: scopes, Event: world.NewGUID(),
		})
	})
	return refreshToken
}

// AnswerFor is the fault of a mixed-up answer, for [Exchange] and [Renewal]: the work of the request is done, but the
// answer holds the tokens of another consent.
func (s *Server) AnswerFor(person, client string, scopes ...string) Fault {
	var body []byte
	s.do(func() {
		body = s.identity.Answer(identity.Consent{
			Person: person, Client: client, Scopes: scopes, Event: world.NewGUID(),
		}).Body
	})
	return Fault{Rewrite: func([]byte) []byte { return body }}
}

// Owner returns the ID of the user of a refresh token, or "".
func (s *Server) Owner(refreshToken string) (person string) {
	s.do(func() { person = s.identity.Owner(refreshToken) })
	return person
}

// Events returns the history of the world in order.
func (s *Server) Events() (all []Event) {
	s.do(func() { all = slices.Clone(s.world.Events) })
	return all
}

// Secrets returns every authorization code and every token issued so far, in random order. Tests search for secrets
// in logs and files.
func (s *Server) Secrets() (all []string) {
	s.do(func() { all = s.identity.Secrets() })
	return all
}
