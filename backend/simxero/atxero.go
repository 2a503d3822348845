package simxero

// What can be done at Xero's side, behind the app's back, while the server runs.

// World returns a copy of the world as it is now, with what was left empty
// filled in.
func (s *Server) World() World {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.world.clone()
}

// Change alters the world. It is how to rename, demote, end a trial, or add an
// organisation while the server runs:
//
//	server.Change(func(w *simxero.World) { w.Roles[simxero.Membership{p, o}] = simxero.ReadOnly })
//
// The change must not keep w.
func (s *Server) Change(change func(w *World)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.world)
	s.state.world = s.state.world.clone()
	s.state.index()
}

// Switch alters the switches.
func (s *Server) Switch(change func(*Switches)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.switches)
}

// Demote gives a person another role in an organisation.
func (s *Server) Demote(person, organisation string, to Role) {
	s.Change(func(w *World) { w.Roles[Membership{person, organisation}] = to })
}

// Rename changes an organisation's name.
func (s *Server) Rename(organisation, name string) {
	s.changeOrganisation(organisation, func(o *Organisation) { o.Name = name })
}

// EndTrial makes an organisation unreachable for every app.
func (s *Server) EndTrial(organisation string) {
	s.changeOrganisation(organisation, func(o *Organisation) { o.TrialEnded = true })
}

// ResetDemo resets a demo company: it keeps its name and gets a new ID, which
// is returned (choice). Nothing that was connected leads to it any more.
func (s *Server) ResetDemo(organisation string) string {
	id := newGUID()
	s.Change(func(w *World) {
		for i := range w.Organisations {
			if w.Organisations[i].ID == organisation {
				w.Organisations[i].ID = id
			}
		}
		for m, role := range w.Roles {
			if m.Organisation == organisation {
				w.Roles[Membership{m.Person, id}] = role
			}
		}
	})
	return id
}

func (s *Server) changeOrganisation(id string, change func(*Organisation)) {
	s.Change(func(w *World) {
		for i := range w.Organisations {
			if w.Organisations[i].ID == id {
				change(&w.Organisations[i])
			}
		}
	})
}

// DisconnectInXero removes a person's connection as they would in Xero under
// Connected apps, for every app. Their tokens live on.
func (s *Server) DisconnectInXero(person, organisation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.state.connections {
		if l.Person == person && l.Organisation == organisation {
			s.disconnect(l)
		}
	}
}

// Revoke ends a person's consent to a client: every token and every connection.
func (s *Server) Revoke(person, client string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoke(person, client)
}

// EndTokens ends a person's tokens for a client and leaves the connections.
func (s *Server) EndTokens(person, client string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endGrants(person, client)
}

// Consent gives a client consent to scopes in a person's name, without a browser,
// and returns the refresh token that an app would now hold.
func (s *Server) Consent(person, client string, scopes ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &grant{person: person, client: client, scopes: scopes, event: newGUID(), session: randomHex(32), signedIn: s.now()}
	s.state.grants = append(s.state.grants, g)
	return s.newRefresh(g)
}

func (s *Server) disconnect(l Link) {
	delete(s.state.connections, l)
	s.happened(Event{Kind: Disconnected, Person: l.Person, Organisation: l.Organisation, Client: l.Client})
}

func (s *Server) revoke(person, client string) {
	s.endGrants(person, client)
	for l := range s.state.connections {
		if l.Person == person && l.Client == client {
			s.disconnect(l)
		}
	}
	s.happened(Event{Kind: Revoked, Person: person, Client: client})
}

func (s *Server) endGrants(person, client string) {
	for _, g := range s.state.grants {
		if g.person == person && g.client == client {
			g.ended = true
		}
	}
}
