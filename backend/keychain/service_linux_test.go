package keychain_test

import (
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

const (
	secretsPath = "/org/freedesktop/secrets"
	loginPath   = secretsPath + "/collection/login"
	sessionPath = secretsPath + "/session/s1"
	promptPath  = secretsPath + "/prompt/p1"
	itemsPath   = loginPath + "/items"
	secretsName = "org.freedesktop.secrets"
	secretsAPI  = "org.freedesktop.Secret."
)

// secretService is a Secret Service (API draft 0.2) on a bus of its own that
// misbehaves on request. Without requests it keeps secrets as it should.
type secretService struct {
	conn *dbus.Conn

	// collections is what the service says that it has.
	collections any
	// alias is what the alias "default" leads to.
	alias dbus.ObjectPath
	// unlock answers which of the paths are unlocked, or with a prompt.
	unlock func(paths []dbus.ObjectPath) (unlocked []dbus.ObjectPath, prompt dbus.ObjectPath)
	// create answers instead of storing, with a prompt or an error, or with
	// "" to store after all.
	create func(account string) (prompt dbus.ObjectPath, err *dbus.Error)
	// prompted is what happens when a prompt is to be shown.
	prompted func()
	// hide makes a search overlook an item.
	hide func(account string) bool
	// read is what is handed out instead of a secret.
	read func(account, secret string) string
	// replaced are methods with another signature, by name.
	replaced map[string]any

	mu      sync.Mutex
	items   map[string]string
	pending func()   // stores what the last prompt is about
	written []string // accounts, in order
}

type dbusSecret struct {
	Session           dbus.ObjectPath
	Parameters, Value []byte
	ContentType       string
}

func newSecretService() *secretService {
	return &secretService{
		collections: []dbus.ObjectPath{loginPath},
		alias:       loginPath,
		unlock: func(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) {
			return paths, "/"
		},
		create:   func(string) (dbus.ObjectPath, *dbus.Error) { return "", nil },
		prompted: func() {},
		hide:     func(string) bool { return false },
		read:     func(_, secret string) string { return secret },
		items:    map[string]string{},
	}
}

// serve puts the service on a bus.
func (s *secretService) serve(t *testing.T, bus string) {
	t.Helper()
	s.conn = connect(t, bus)
	s.export(t, secretsPath, "org.freedesktop.DBus.Properties", map[string]any{
		"Get": func(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(s.collections), nil },
	})
	s.export(t, secretsPath, secretsAPI+"Service", map[string]any{
		"OpenSession": func(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
			return dbus.MakeVariant(""), sessionPath, nil
		},
		"Unlock": func(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
			unlocked, prompt := s.unlock(paths)
			return unlocked, prompt, nil
		},
		"ReadAlias": func(string) (dbus.ObjectPath, *dbus.Error) { return s.alias, nil },
	})
	s.export(t, sessionPath, secretsAPI+"Session", map[string]any{"Close": func() *dbus.Error { return nil }})
	s.export(t, loginPath, secretsAPI+"Collection", map[string]any{
		"CreateItem": s.createItem, "SearchItems": s.searchItems,
	})
	s.export(t, itemsPath, secretsAPI+"Item", map[string]any{
		"GetSecret": s.getSecret, "Delete": s.deleteItem,
	})
	s.export(t, promptPath, secretsAPI+"Prompt", map[string]any{
		"Prompt": func(string) *dbus.Error { s.prompted(); return nil },
	})
	if _, err := s.conn.RequestName(secretsName, 0); err != nil {
		t.Fatal(err)
	}
}

func (s *secretService) export(t *testing.T, path dbus.ObjectPath, iface string, methods map[string]any) {
	t.Helper()
	for name, f := range s.replaced {
		if _, ok := methods[name]; ok {
			methods[name] = f
		}
	}
	export := s.conn.ExportMethodTable
	if path == itemsPath { // Items come and go below it.
		export = s.conn.ExportSubtreeMethodTable
	}
	if err := export(methods, path, iface); err != nil {
		t.Fatal(err)
	}
}

func (s *secretService) createItem(properties map[string]dbus.Variant, secret dbusSecret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	attributes, _ := properties[secretsAPI+"Item.Attributes"].Value().(map[string]string)
	account := attributes["username"]
	store := func() {
		s.items[account] = string(secret.Value)
		s.written = append(s.written, account)
	}
	prompt, err := s.create(account)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || prompt != "" {
		s.pending = store
		return "/", prompt, err
	}
	store()
	return itemPath(account), "/", nil
}

// allow is the person who allows what the prompt asks.
func (s *secretService) allow() {
	s.mu.Lock()
	s.pending()
	s.mu.Unlock()
	s.emit("Completed", false, dbus.MakeVariant(dbus.ObjectPath("/")))
}

func (s *secretService) searchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	account := attributes["username"]
	s.mu.Lock()
	_, found := s.items[account]
	s.mu.Unlock()
	if !found || s.hide(account) {
		return []dbus.ObjectPath{}, nil
	}
	return []dbus.ObjectPath{itemPath(account)}, nil
}

func (s *secretService) getSecret(m dbus.Message, session dbus.ObjectPath) (dbusSecret, *dbus.Error) {
	account := accountAt(m)
	s.mu.Lock()
	secret := s.items[account]
	s.mu.Unlock()
	return dbusSecret{Session: session, Value: []byte(s.read(account, secret)), ContentType: "text/plain"}, nil
}

func (s *secretService) deleteItem(m dbus.Message) (dbus.ObjectPath, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, accountAt(m))
	return "/", nil
}

func itemPath(account string) dbus.ObjectPath {
	return dbus.ObjectPath(itemsPath + "/x" + hex.EncodeToString([]byte(account)))
}

func accountAt(m dbus.Message) string {
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	account, _ := hex.DecodeString(strings.TrimPrefix(string(path), itemsPath+"/x"))
	return string(account)
}

// emit sends a signal of the prompt.
func (s *secretService) emit(signal string, body ...any) {
	_ = s.conn.Emit(promptPath, secretsAPI+"Prompt."+signal, body...) // Whoever waits in vain fails.
}

// die leaves the bus, as a service that crashed does.
func (s *secretService) die() { _ = s.conn.Close() }

// kept returns the accounts that have an item.
func (s *secretService) kept() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.items))
}

// order returns the accounts in the order in which they were written.
func (s *secretService) order() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.written)
}
