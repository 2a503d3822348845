package world

import "time"

// State is a running world. A State is not safe for concurrent use.
type State struct {
	World    World
	Switches Switches
	Events   []Event
	// Now is the clock of every date.
	Now func() time.Time

	// The users, organisations and clients of World by ID.
	People        map[string]*Person
	Organisations map[string]*Organisation
	Clients       map[string]*Client

	connections map[Link]*Connection
	// first holds the createdDateUtc of each link. A reconnection has the createdDateUtc of the first connection.
	first   map[Link]time.Time
	windows map[string]*window
}

// Connection is a connection at Xero. Event is the authEventId.
type Connection struct {
	Link
	ID, Event        string
	Created, Updated time.Time
}

// NewState starts a world from a description.
func NewState(w World, switches Switches, now func() time.Time) *State {
	st := &State{
		Switches:    switches,
		Now:         now,
		connections: map[Link]*Connection{},
		first:       map[Link]time.Time{},
		windows:     map[string]*window{},
	}
	st.Change(func(changed *World) { *changed = w })
	event := NewGUID()
	for _, l := range st.World.Connected {
		st.Connect(l, event)
	}
	return st
}

// Change edits the world. The callback must not retain the pointer.
func (st *State) Change(change func(*World)) {
	change(&st.World)
	st.World = st.World.Complete()
	st.People = byID(st.World.People, func(p *Person) string { return p.ID })
	st.Organisations = byID(st.World.Organisations, func(o *Organisation) string { return o.ID })
	st.Clients = byID(st.World.Clients, func(c *Client) string { return c.ID })
}

func byID[T any](all []T, id func(*T) string) map[string]*T {
	found := map[string]*T{}
	for i := range all {
		found[id(&all[i])] = &all[i]
	}
	return found
}

// Connect makes a connection with a new ID and reports whether the link was connected before.
func (st *State) Connect(l Link, event string) (again bool) {
	now := st.Now()
	created, again := st.first[l]
	if !again {
		created = now
		st.first[l] = now
	}
	st.connections[l] = &Connection{Link: l, ID: NewGUID(), Event: event, Created: created, Updated: now}
	return again
}

// Disconnect removes a connection, if the connection exists.
func (st *State) Disconnect(l Link) {
	if st.connections[l] == nil {
		return
	}
	delete(st.connections, l)
	st.Record(Event{Kind: Disconnected, Person: l.Person, Organisation: l.Organisation, Client: l.Client})
}

// Connection returns the connection of a link, or nil.
func (st *State) Connection(l Link) *Connection { return st.connections[l] }

// Connections returns the connections of a user through a client, in random order. The list includes connections to
// organisations that the user cannot reach any more.
func (st *State) Connections(person, client string) []*Connection {
	var all []*Connection
	for l, c := range st.connections {
		if l.Person == person && l.Client == client {
			all = append(all, c)
		}
	}
	return all
}

// Listed returns the connections that /connections lists for a user of a client, in random order.
func (st *State) Listed(person, client string) []*Connection {
	var all []*Connection
	for _, c := range st.Connections(person, client) {
		_, exists := st.Organisations[c.Organisation]
		if exists && (st.Switches.ListRefused || st.Reaches(c.Link)) {
			all = append(all, c)
		}
	}
	return all
}

// Used returns the number of connections that count towards a client's limit. A connection counts until its removal,
// even if the user has lost access.
func (st *State) Used(client string) int {
	n := 0
	for l := range st.connections {
		if l.Client == client {
			n++
		}
	}
	return n
}

// Reaches reports whether a connection gives access to the organisation's data.
func (st *State) Reaches(l Link) bool {
	o, exists := st.Organisations[l.Organisation]
	return exists && !o.TrialEnded && st.connections[l] != nil && st.MayConnect(l.Person, l.Organisation)
}

// UncertifiedApps counts the uncertified apps connected to an organisation, besides a client.
func (st *State) UncertifiedApps(organisation *Organisation, besides string) int {
	apps := map[string]bool{}
	for l := range st.connections {
		if l.Organisation == organisation.ID && l.Client != besides && !st.Clients[l.Client].Certified {
			apps[l.Client] = true
		}
	}
	return organisation.OtherUncertifiedApps + len(apps)
}

// MayConnect reports whether a user's role permits connecting an organisation.
func (st *State) MayConnect(person, organisation string) bool {
	role := st.World.Roles[Membership{person, organisation}]
	return role == Standard || role == Adviser
}
