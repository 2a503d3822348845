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

// model is the register as simply as it can be said: who lives, who is in
// trouble, who holds what, what was ever seen, what was refused.
type model struct {
	signedIn map[string]bool            // by person; false: ended
	trouble  map[string]bool            // by person: could not be checked
	holds    map[string]map[string]bool // by person, then organisation; false: removed
	left     map[string]map[string]bool // by person, then organisation: disconnected here
	seen     map[string]bool
	refused  map[string]bool
}

func (m *model) status(organisation string) backend.Status {
	held, live, checked, left := false, false, false, false
	for person, holds := range m.holds {
		if m.left[person][organisation] {
			left = true
			continue
		}
		held = held || holds[organisation]
		live = live || holds[organisation] && m.signedIn[person]
		checked = checked || holds[organisation] && m.signedIn[person] && !m.trouble[person]
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
	case left:
		return backend.Disconnected
	}
	return backend.Removed
}

// reconcile returns what a register's Changes must be, in the words of changed.
func (m *model) reconcile(person string, listed []string) string {
	var added, back, known, removed []string
	stays := m.stays(person, listed)
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
	m.signedIn[person], m.trouble[person] = true, false
	if m.holds[person] == nil {
		m.holds[person] = map[string]bool{}
	}
	before := maps.Clone(m.holds[person])
	for o := range before {
		m.holds[person][o] = false
	}
	for _, o := range listed {
		m.holds[person][o] = true
	}
	for o, held := range before {
		if held && m.status(o) == backend.Removed {
			removed = append(removed, o)
		}
	}
	slices.Sort(removed)
	return fmt.Sprint(added, back, known, removed, m.reached())
}

// stays are those of the organisations listed for a person that are
// disconnected even then.
func (m *model) stays(person string, listed []string) map[string]bool {
	after := model{signedIn: maps.Clone(m.signedIn), trouble: m.trouble, holds: maps.Clone(m.holds), left: m.left, seen: m.seen}
	after.signedIn[person] = true
	after.holds[person] = maps.Clone(m.holds[person])
	if after.holds[person] == nil {
		after.holds[person] = map[string]bool{}
	}
	stays := map[string]bool{}
	for _, o := range listed {
		after.holds[person][o] = true
		stays[o] = after.status(o) == backend.Disconnected
	}
	return stays
}

// leave disconnects an organisation through everybody who ever held it.
func (m *model) leave(organisation string) {
	for person, holds := range m.holds {
		if _, ever := holds[organisation]; !ever {
			continue
		}
		if m.left[person] == nil {
			m.left[person] = map[string]bool{}
		}
		m.left[person][organisation] = true
	}
}

// reached counts what is connected.
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

// list is the whole list by name with its status.
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
			signedIn: map[string]bool{}, holds: map[string]map[string]bool{},
			seen: map[string]bool{}, refused: map[string]bool{}, trouble: map[string]bool{},
			left: map[string]map[string]bool{},
		})
	})
}

// agree does the same at random to a register and a model, and compares them
// after each step.
func agree(t *rapid.T, r *sqlite.Register, m *model) {
	people := rapid.SampledFrom([]string{"Anna", "Ben", "Carla"})
	organisations := rapid.SampledFrom([]string{"A", "B", "C", "D", "E", "F"})
	minute := 0
	t.Repeat(map[string]func(*rapid.T){
		"reconcile": func(t *rapid.T) {
			s := person(people.Draw(t, "person"), minute)
			listed := rapid.SliceOfDistinct(organisations, rapid.ID).Draw(t, "listed")
			got := reconcile(t, r, s, lists(s, listed...), minute)
			removed := strings.Fields(spaced(got.Removed))
			slices.Sort(removed)
			same(t, "changes", fmt.Sprint(strings.Fields(spaced(got.Added)), strings.Fields(spaced(got.Back)),
				strings.Fields(spaced(got.Known)), removed, got.Total), m.reconcile(s.Name, listed))
		},
		"end a sign-in": func(t *rapid.T) {
			s := person(people.Draw(t, "person"), 0)
			end(t, r, s, minute)
			m.signedIn[s.Name] = false
		},
		"have trouble": func(t *rapid.T) {
			s := person(people.Draw(t, "person"), 0)
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
			quit(t, r, minute, strings.ToLower(o))
			m.leave(o)
		},
		"hear that Xero knows": func(t *rapid.T) {
			s, o := person(people.Draw(t, "person"), 0), organisations.Draw(t, "organisation")
			left(t, r, s, strings.ToLower(o), minute)
			if m.left[s.Name][o] {
				m.holds[s.Name][o] = false
			}
		},
		"stay": func(t *rapid.T) {
			o := organisations.Draw(t, "organisation")
			_, err := r.CancelDisconnect(t.Context(), strings.ToLower(o), at(minute))
			must(t, err)
			for person, holds := range m.holds {
				if holds[o] {
					delete(m.left[person], o)
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
			same(t, "list", standing(got.Rows), m.list())
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
					t.Errorf("%s is reached by nobody", o.Name)
				}
			}
		},
	})
}
