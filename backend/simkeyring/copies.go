package simkeyring

import (
	"fmt"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

// copied is a second item of an account: a restored backup, or an item of another
// collection. A write replaces no copy.
type copied struct {
	path            dbus.ObjectPath
	account, secret string
	locked          bool
}

// PutCopy stores a copy of an account's item in a collection. Searches return copies
// before the item, in the order of the calls. A locked copy cannot be read before a
// successful Unlock.
func (s *Service) PutCopy(collection, account, secret string, locked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	path := dbus.ObjectPath(fmt.Sprintf("%s/%s/items/c%d", collections, collection, s.made))
	s.copies = append(s.copies, &copied{path: path, account: account, secret: secret, locked: locked})
}

// Copies returns the secrets of the copies of an account.
func (s *Service) Copies(account string) (secrets []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.copies {
		if c.account == account {
			secrets = append(secrets, c.secret)
		}
	}
	return secrets
}

// DropCopies deletes every copy.
func (s *Service) DropCopies() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.copies = nil
}

// copyAt returns the copy at a path as of now, or nil.
func (s *Service) copyAt(path dbus.ObjectPath) *copied {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.copies, func(c *copied) bool { return c.path == path })
	if i < 0 {
		return nil
	}
	is := *s.copies[i]
	return &is
}

// open unlocks the copies at the paths, or in the collections at the paths.
func (s *Service) open(paths []dbus.ObjectPath) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.copies {
		if slices.ContainsFunc(paths, func(p dbus.ObjectPath) bool {
			return p == c.path || strings.HasPrefix(string(c.path), string(p)+"/")
		}) {
			c.locked = false
		}
	}
}
