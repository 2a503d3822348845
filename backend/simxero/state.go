package simxero

import (
	"context"
	"time"
)

// state is everything that moves while the server runs. Server.mu guards it:
// handlers only touch memory, so they run one at a time.
type state struct {
	world         World
	switches      Switches
	people        map[string]*Person
	organisations map[string]*Organisation
	clients       map[string]*Client

	connections map[Link]*connection
	// first keeps when a link was first made, for createdDateUtc after a
	// reconnection.
	first map[Link]time.Time

	sessions map[string]string // cookie → person
	requests map[string]*request
	errors   map[string]string // errorId → text
	codes    map[string]*code
	access   map[string]*access
	refresh  map[string]*refresh
	grants   []*grant
	secrets  map[string]bool
	limits   limits
}

// connection is a live entry of /connections.
type connection struct {
	Link
	id, event        string
	created, updated time.Time
}

// grant is one consent and the token set that grew from it.
type grant struct {
	person, client string
	scopes         []string
	// event is authentication_event_id, session is sid and global_session_id.
	event, session string
	nonce          string
	signedIn       time.Time
	ended          bool
	// renewals are those in work, by the context that ends with their client.
	renewals []context.Context
}

func newState(w World, switches Switches, now time.Time) state {
	st := state{
		world:       w.clone(),
		switches:    switches,
		connections: map[Link]*connection{},
		first:       map[Link]time.Time{},
		sessions:    map[string]string{},
		requests:    map[string]*request{},
		errors:      map[string]string{},
		codes:       map[string]*code{},
		access:      map[string]*access{},
		refresh:     map[string]*refresh{},
		secrets:     map[string]bool{},
		limits:      newLimits(),
	}
	st.index()
	event := newGUID()
	for _, l := range st.world.Connected {
		st.connect(l, event, now)
	}
	return st
}

// index makes the world's lists quick to look things up in; it is due after
// every change of the world.
func (st *state) index() {
	st.people = map[string]*Person{}
	st.organisations = map[string]*Organisation{}
	st.clients = map[string]*Client{}
	for i := range st.world.People {
		st.people[st.world.People[i].ID] = &st.world.People[i]
	}
	for i := range st.world.Organisations {
		st.organisations[st.world.Organisations[i].ID] = &st.world.Organisations[i]
	}
	for i := range st.world.Clients {
		st.clients[st.world.Clients[i].ID] = &st.world.Clients[i]
	}
}

// connect makes a connection. After a disconnect the connection has a new id
// and a new updatedDateUtc, and keeps the createdDateUtc of the first time.
func (st *state) connect(l Link, event string, now time.Time) *connection {
	created, again := st.first[l]
	if !again {
		created = now
		st.first[l] = now
	}
	c := &connection{Link: l, id: newGUID(), event: event, created: created, updated: now}
	st.connections[l] = c
	return c
}

// reaches reports whether a connection still leads to the organisation's data.
func (st *state) reaches(l Link) bool {
	o, there := st.organisations[l.Organisation]
	return there && !o.TrialEnded && st.mayConnect(l.Person, l.Organisation)
}

func (st *state) mayConnect(person, organisation string) bool {
	return st.world.Roles[Membership{person, organisation}].mayConnect()
}

// listed returns what /connections shows a person of a client, in no order that
// means anything.
func (st *state) listed(person, client string) []*connection {
	var all []*connection
	for l, c := range st.connections {
		if l.Person != person || l.Client != client {
			continue
		}
		if _, there := st.organisations[l.Organisation]; !there {
			continue
		}
		if st.switches.ListRefused || st.reaches(l) {
			all = append(all, c)
		}
	}
	return all
}

// used counts the connections that count towards a client's limit: all of them,
// also those that lead nowhere any more, until they are removed.
func (st *state) used(client string) int {
	n := 0
	for l := range st.connections {
		if l.Client == client {
			n++
		}
	}
	return n
}

func (st *state) secret(value string) string {
	st.secrets[value] = true
	return value
}
