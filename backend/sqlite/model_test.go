package sqlite_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"

	"pgregory.net/rapid"
)

// model is a simple model of the register. Users and organisations are names.
type model struct {
	signedIn     map[string]bool            // by user; false: ended
	trouble      map[string]bool            // by user
	connected    map[string]map[string]bool // by user, then organisation; false: removed
	disconnected map[string]map[string]bool // by user, then organisation: disconnect requested
	seen         map[string]bool            // by organisation
	refused      map[string]bool            // by organisation
}

func (m *model) status(organisation string) backend.Status {
	held, live, checked, disconnected := false, false, false, false
	for user, connections := range m.connected {
		if m.disconnected[user][organisation] {
			disconnected = true
			continue
		}
		held = held || connections[organisation]
		live = live || connections[organisation] && m.signedIn[user]
		checked = checked || connections[organisation] && m.signedIn[user] && !m.trouble[user]
	}
	switch {
	case live && m.refused[organisation]:
		return backend.NoAccess
	case checked:
		return backend.Connected
	case live:
		return backend.NotChecked
	case held:
		return backend.SignInAgain
	case disconnected:
		return backend.Disconnected
	}
	return backend.Removed
}

// reconcile returns the expected Changes of a register.
func (m *model) reconcile(user string, listed []string) string {
	var added, back, known, removed []string
	stays := m.stays(user, listed)
	for _, o := range listed {
		switch s := m.status(o); {
		case !m.seen[o]:
			added = append(added, o)
		case s == backend.Removed || s == backend.SignInAgain || s == backend.Disconnected:
			if !stays[o] {
				back = append(back, o)
			}
			delete(m.refused, o)
		default:
			if !stays[o] {
				known = append(known, o)
			}
		}
		m.seen[o] = true
	}
	m.signedIn[user], m.trouble[user] = true, false
	if m.connected[user] == nil {
		m.connected[user] = map[string]bool{}
	}
	before := maps.Clone(m.connected[user])
	for o := range before {
		m.connected[user][o] = false
	}
	for _, o := range listed {
		m.connected[user][o] = true
	}
	for o, held := range before {
		if held && m.status(o) == backend.Removed {
			removed = append(removed, o)
		}
	}
	slices.Sort(removed)
	return fmt.Sprint(added, back, known, removed, m.reached())
}

// stays returns the listed organisations of a user that stay disconnected.
func (m *model) stays(user string, listed []string) map[string]bool {
	after := model{signedIn: maps.Clone(m.signedIn), trouble: m.trouble, connected: maps.Clone(m.connected), disconnected: m.disconnected, seen: m.seen}
	after.signedIn[user] = true
	after.connected[user] = maps.Clone(m.connected[user])
	if after.connected[user] == nil {
		after.connected[user] = map[string]bool{}
	}
	stays := map[string]bool{}
	for _, o := range listed {
		after.connected[user][o] = true
		stays[o] = after.status(o) == backend.Disconnected
	}
	return stays
}

// disconnect disconnects an organisation through every sign-in that ever had a connection.
func (m *model) disconnect(organisation string) {
	for user, connections := range m.connected {
		if _, ever := connections[organisation]; !ever {
			continue
		}
		if m.disconnected[user] == nil {
			m.disconnected[user] = map[string]bool{}
		}
		m.disconnected[user][organisation] = true
	}
}

// reached counts the connected organisations.
func (m *model) reached() int {
	return m.count(backend.Connected, backend.NotChecked)
}

func (m *model) count(statuses ...backend.Status) (n int) {
	for o := range m.seen {
		if slices.Contains(statuses, m.status(o)) {
			n++
		}
	}
	return n
}

// list returns the whole list with statuses, by name.
func (m *model) list() string {
	var all []string
	for _, o := range slices.Sorted(maps.Keys(m.seen)) {
		all = append(all, o+" "+string(m.status(o)))
	}
	return strings.Join(all, ", ")
}

func TestTheRegisterAgreesWithASimpleModel(t *testing.T) {
	t.Parallel()
	must(t, flag.Set("rapid.checks", strconv.Itoa(stress(t, 30))))
	folders := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp(folders, "")
		must(t, err)
		r, err := sqlite.Open(t.Context(), folder)
		must(t, err)
		defer func() { must(t, r.Close()) }()
		agree(t, r, &model{
			signedIn: map[string]bool{}, connected: map[string]map[string]bool{},
			seen: map[string]bool{}, refused: map[string]bool{}, trouble: map[string]bool{},
			disconnected: map[string]map[string]bool{},
		})
	})
}

// agree makes the same random changes to a register and a model, and compares both after each change.
func agree(t *rapid.T, r *sqlite.Register, m *model) {
	people := rapid.SampledFrom([]string{"Anna", "Ben", "Carla"})
	organisations := rapid.SampledFrom([]string{"A", "B", "C", "D", "E", "F"})
	minute := 0
	t.Repeat(map[string]func(*rapid.T){
		"reconcile": func(t *rapid.T) {
			s := person(people.Draw(t, "user"), minute)
			listed := rapid.SliceOfDistinct(organisations, rapid.ID).Draw(t, "listed")
			got := reconcile(t, r, s, lists(s, listed...), minute)
			removed := strings.Fields(spaced(got.Removed))
			slices.Sort(removed)
			same(t, "changes", fmt.Sprint(strings.Fields(spaced(got.Added)), strings.Fields(spaced(got.Reconnected)),
				strings.Fields(spaced(got.AlreadyConnected)), removed, got.Total), m.reconcile(s.Name, listed))
		},
		"end a sign-in": func(t *rapid.T) {
			s := person(people.Draw(t, "user"), 0)
			end(t, r, s, minute)
			m.signedIn[s.Name] = false
		},
		"have trouble": func(t *rapid.T) {
			s := person(people.Draw(t, "user"), 0)
			trouble(t, r, backend.Offline, s)
			_, known := m.signedIn[s.Name]
			m.trouble[s.Name] = known
		},
		"refuse": func(t *rapid.T) {
			o := organisations.Draw(t, "organisation")
			must(t, r.SaveRefusal(t.Context(), strings.ToLower(o), at(minute)))
			m.refused[o] = m.seen[o]
		},
		"disconnect": func(t *rapid.T) {
			o := organisations.Draw(t, "organisation")
			disconnect(t, r, minute, strings.ToLower(o))
			m.disconnect(o)
		},
		"confirm a disconnect": func(t *rapid.T) {
			s, o := person(people.Draw(t, "user"), 0), organisations.Draw(t, "organisation")
			confirm(t, r, s, strings.ToLower(o), minute)
			if m.disconnected[s.Name][o] {
				m.connected[s.Name][o] = false
			}
		},
		"cancel a disconnect": func(t *rapid.T) {
			o := organisations.Draw(t, "organisation")
			_, err := r.CancelDisconnect(t.Context(), strings.ToLower(o), at(minute))
			must(t, err)
			for user, connections := range m.connected {
				if connections[o] {
					delete(m.disconnected[user], o)
				}
			}
		},
		"read details": func(t *rapid.T) {
			o := organisations.Draw(t, "organisation")
			must(t, r.SaveDetails(t.Context(), strings.ToLower(o), backend.Details{Country: "NZ"}, at(minute)))
			delete(m.refused, o)
		},
		"": func(t *rapid.T) {
			minute++
			got := page(t, r, backend.Query{Limit: 500})
			same(t, "list", statuses(got.Rows), m.list())
			wanted := m.count(backend.SignInAgain, backend.Removed, backend.NoAccess)
			same(t, "total, matching, attention", fmt.Sprint(got.Total, got.Matching, got.Attention),
				fmt.Sprint(len(m.seen), len(m.seen), wanted))
			wanting := page(t, r, backend.Query{Limit: 500, Attention: true, Sort: backend.ByStatus})
			same(t, "rows that need attention", fmt.Sprint(len(wanting.Rows), wanting.Matching),
				fmt.Sprint(got.Attention, got.Attention))
			for _, o := range got.Rows {
				if (o.Trouble != "") != (o.Status == backend.NotChecked) {
					t.Errorf("%s is %s for %q", o.Name, o.Status, o.Trouble)
				}
				if len(o.SignIns) == 0 {
					t.Errorf("%s has no sign-in", o.Name)
				}
			}
		},
	})
}
