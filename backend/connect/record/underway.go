package record

import (
	"slices"
	"sync"
	"time"

	"bookring/backend"
)

// list is Xero's list of the connections of a sign-in, from the question until the list
// is recorded.
type list struct {
	backend.List
	of    backend.SignInKey
	asked time.Time
	// narrowed: the access token no longer allows the reading of settings.
	narrowed bool
	// ended holds the connections ended meanwhile: Xero's list can still name them, and
	// a forgotten organisation would return.
	ended []string
}

// underWay holds the lists not recorded yet.
type underWay struct {
	mu    sync.Mutex
	lists []*list
}

func (u *underWay) add(of backend.SignInKey, at time.Time) *list {
	u.mu.Lock()
	defer u.mu.Unlock()
	l := &list{of: of, asked: at}
	u.lists = append(u.lists, l)
	return l
}

func (u *underWay) remove(l *list) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.lists = slices.DeleteFunc(u.lists, func(other *list) bool { return other == l })
}

// end notes an ended connection in the lists of a sign-in.
func (u *underWay) end(key backend.SignInKey, connectionID string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, l := range u.lists {
		if l.of == key {
			l.ended = append(l.ended, connectionID)
		}
	}
}

// remaining returns the list without the connections ended since the question.
func (u *underWay) remaining(l *list) backend.List {
	u.mu.Lock()
	defer u.mu.Unlock()
	rest := slices.DeleteFunc(slices.Clone(l.Connections), func(c backend.Connection) bool {
		return slices.Contains(l.ended, c.ID)
	})
	return backend.List{Connections: rest, Part: l.Part}
}
