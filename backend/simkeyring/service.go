package simkeyring

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
)

// The paths of the objects in a caller's faults.
const (
	SecretsPath = "/org/freedesktop/secrets"
	PromptPath  = SecretsPath + "/prompt/p1"

	collections = SecretsPath + "/collection"
	loginPath   = collections + "/login"
	sessionPath = SecretsPath + "/session/s1"
	itemsPath   = loginPath + "/items"
	secretsName = "org.freedesktop.secrets"
	secretsAPI  = "org.freedesktop.Secret."
)

// Service is a Secret Service. The fields configure faults. [New] sets all fields to correct behaviour. The fields
// must not change after [Service.Serve]. Several goroutines call the functions.
type Service struct {
	// Collections is the value of the property Collections.
	Collections any
	// Alias is the collection with the alias "default".
	Alias dbus.ObjectPath
	// Locked reports a locked collection.
	Locked func() bool
	// Unlock returns the unlocked paths, or a prompt.
	Unlock func(paths []dbus.ObjectPath) (unlocked []dbus.ObjectPath, prompt dbus.ObjectPath)
	// Create returns a prompt or an error in place of storing the item. The result "" stores the item.
	Create func(account string) (prompt dbus.ObjectPath, err *dbus.Error)
	// Prompted runs when the caller asks for the prompt.
	Prompted func()
	// Hide hides an item from searches.
	Hide func(account string) bool
	// Read returns the text sent in place of a secret.
	Read func(account, secret string) string
	// Replaced holds methods with another signature, by name.
	Replaced map[string]any

	conn *dbus.Conn
	bus  string // the address

	mu      sync.Mutex
	items   map[name]string
	copies  []*copied
	made    int      // copies ever made
	pending func()   // stores the item of the last prompt
	written []string // accounts, in order
}

// name names an item. The service "" matches every service: a test stored the item.
type name struct{ service, account string }

// matches reports an item searched for. Attributes without an account match every account.
func (n name) matches(attributes map[string]string) bool {
	account, named := attributes["username"]
	return (!named || n.account == account) && (n.service == "" || n.service == attributes["service"])
}

func compareNames(a, b name) int {
	return cmp.Or(strings.Compare(a.account, b.account), strings.Compare(a.service, b.service))
}

// Secret is the API's type Secret. The order of the fields is the API's order.
type Secret struct {
	Session           dbus.ObjectPath
	Parameters, Value []byte
	ContentType       string
}

// New returns an empty service without faults.
func New() *Service {
	return &Service{
		Collections: []dbus.ObjectPath{loginPath},
		Alias:       loginPath,
		Locked:      func() bool { return false },
		Unlock: func(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) {
			return paths, "/"
		},
		Create:   func(string) (dbus.ObjectPath, *dbus.Error) { return "", nil },
		Prompted: func() {},
		Hide:     func(string) bool { return false },
		Read:     func(_, secret string) string { return secret },
		items:    map[name]string{},
	}
}

// Serve registers the service on a bus. The service runs until [Service.Die] or the end of the bus.
func (s *Service) Serve(bus string) error {
	conn, err := dbus.Connect(bus)
	if err != nil {
		return fmt.Errorf("connect to the bus: %w", err)
	}
	s.conn, s.bus = conn, bus
	for _, object := range []struct {
		path    dbus.ObjectPath
		iface   string
		methods map[string]any
	}{
		{SecretsPath, "org.freedesktop.DBus.Properties", map[string]any{
			"Get": func(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(s.Collections), nil },
		}},
		{SecretsPath, secretsAPI + "Service", map[string]any{
			"OpenSession": func(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
				return dbus.MakeVariant(""), sessionPath, nil
			},
			"Unlock": func(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
				unlocked, prompt := s.Unlock(paths)
				s.open(unlocked)
				return unlocked, prompt, nil
			},
			"ReadAlias":   func(string) (dbus.ObjectPath, *dbus.Error) { return s.Alias, nil },
			"SearchItems": s.searchEverywhere,
		}},
		{sessionPath, secretsAPI + "Session", map[string]any{"Close": func() *dbus.Error { return nil }}},
		{loginPath, "org.freedesktop.DBus.Properties", map[string]any{
			"Get": func(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(s.Locked()), nil },
		}},
		{loginPath, secretsAPI + "Collection", map[string]any{"CreateItem": s.createItem, "SearchItems": s.searchItems}},
		{itemsPath, secretsAPI + "Item", map[string]any{"GetSecret": s.getSecret, "Delete": s.deleteItem}},
		{collections, secretsAPI + "Item", map[string]any{"GetSecret": s.getSecret, "Delete": s.deleteItem}},
		{PromptPath, secretsAPI + "Prompt", map[string]any{
			"Prompt": func(string) *dbus.Error { s.Prompted(); return nil },
		}},
	} {
		if err := s.export(object.path, object.iface, object.methods); err != nil {
			return fmt.Errorf("offer %s: %w", object.iface, err)
		}
	}
	if _, err := conn.RequestName(secretsName, 0); err != nil {
		return fmt.Errorf("take the name: %w", err)
	}
	return nil
}

func (s *Service) export(path dbus.ObjectPath, iface string, methods map[string]any) error {
	for name, f := range s.Replaced {
		if _, ok := methods[name]; ok {
			methods[name] = f
		}
	}
	if path == itemsPath || path == collections { // a subtree, because the items below the path change
		return s.conn.ExportSubtreeMethodTable(methods, path, iface)
	}
	return s.conn.ExportMethodTable(methods, path, iface)
}

func (s *Service) createItem(properties map[string]dbus.Variant, secret Secret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	attributes, _ := properties[secretsAPI+"Item.Attributes"].Value().(map[string]string)
	account := attributes["username"]
	made := name{attributes["service"], account}
	store := func() {
		delete(s.items, name{"", account})
		s.items[made] = string(secret.Value)
		s.written = append(s.written, account)
	}
	prompt, err := s.Create(account)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || prompt != "" {
		s.pending = store
		return "/", prompt, err
	}
	store()
	return itemPath(made), "/", nil
}

// Allow accepts the last prompt in the user's place.
func (s *Service) Allow() {
	s.mu.Lock()
	s.pending()
	s.mu.Unlock()
	s.Emit("Completed", false, dbus.MakeVariant(dbus.ObjectPath("/")))
}

// searchItems searches the login collection, copies first.
func (s *Service) searchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	unlocked, _, err := s.search(attributes, loginPath+"/")
	return unlocked, err
}

// searchEverywhere searches every collection, copies first.
func (s *Service) searchEverywhere(attributes map[string]string) (unlocked, locked []dbus.ObjectPath, err *dbus.Error) {
	return s.search(attributes, collections+"/")
}

// search returns the items below a path. Attributes without an account match every item.
func (s *Service) search(attributes map[string]string, below string) (unlocked, locked []dbus.ObjectPath, err *dbus.Error) {
	account, named := attributes["username"]
	unlocked, locked = []dbus.ObjectPath{}, []dbus.ObjectPath{}
	s.mu.Lock()
	for _, c := range s.copies {
		switch {
		case named && c.account != account, !strings.HasPrefix(string(c.path), below):
		case c.locked:
			locked = append(locked, c.path)
		default:
			unlocked = append(unlocked, c.path)
		}
	}
	found := slices.DeleteFunc(s.namesLocked(), func(n name) bool { return !n.matches(attributes) })
	s.mu.Unlock()
	for _, n := range found {
		if !s.Hide(n.account) {
			unlocked = append(unlocked, itemPath(n))
		}
	}
	return unlocked, locked, nil
}

func (s *Service) getSecret(m dbus.Message, session dbus.ObjectPath) (Secret, *dbus.Error) {
	c := s.copyAt(pathOf(m))
	switch {
	case c == nil:
		n := nameAt(m)
		s.mu.Lock()
		secret := s.items[n]
		s.mu.Unlock()
		return Secret{Session: session, Value: []byte(s.Read(n.account, secret)), ContentType: "text/plain"}, nil
	case c.locked:
		return Secret{}, dbus.NewError(secretsAPI+"Error.IsLocked", nil)
	}
	return Secret{Session: session, Value: []byte(c.secret), ContentType: "text/plain"}, nil
}

func (s *Service) deleteItem(m dbus.Message) (dbus.ObjectPath, *dbus.Error) {
	if s.copyAt(pathOf(m)) != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.copies = slices.DeleteFunc(s.copies, func(c *copied) bool { return c.path == pathOf(m) })
		return "/", nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, nameAt(m))
	return "/", nil
}

func itemPath(n name) dbus.ObjectPath {
	return dbus.ObjectPath(itemsPath + "/x" + hex.EncodeToString([]byte(n.service+"\n"+n.account)))
}

func pathOf(m dbus.Message) dbus.ObjectPath {
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	return path
}

func nameAt(m dbus.Message) name {
	text, _ := hex.DecodeString(strings.TrimPrefix(string(pathOf(m)), itemsPath+"/x"))
	service, account, _ := strings.Cut(string(text), "\n")
	return name{service, account}
}

// Emit sends a signal of the prompt.
func (s *Service) Emit(signal string, body ...any) {
	_ = s.conn.Emit(PromptPath, secretsAPI+"Prompt."+signal, body...) // without the signal, a waiting caller fails
}

// Announce sends the signal of a changed collection.
func (s *Service) Announce() {
	_ = s.conn.Emit(SecretsPath, secretsAPI+"Service.CollectionChanged", dbus.ObjectPath(loginPath))
}

// Die disconnects from the bus, like a crashed service.
func (s *Service) Die() { _ = s.conn.Close() }

// Restart registers the service again after the end, with the same items.
func (s *Service) Restart() error {
	s.Die()
	return s.Serve(s.bus)
}

// Put stores an item without a caller, in place of the items of the account.
func (s *Service) Put(account, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.items, func(n name, _ string) bool { return n.account == account })
	s.items[name{"", account}] = secret
}

// Item returns the secret of an account, or "".
func (s *Service) Item(account string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.namesLocked() {
		if n.account == account {
			return s.items[n]
		}
	}
	return ""
}

// Kept returns the accounts with an item, sorted.
func (s *Service) Kept() (accounts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.namesLocked() {
		accounts = append(accounts, n.account)
	}
	return slices.Compact(accounts)
}

func (s *Service) namesLocked() []name { return slices.SortedFunc(maps.Keys(s.items), compareNames) }

// Written returns the accounts in the order of the writes.
func (s *Service) Written() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.written)
}
