//go:build !windows && !darwin

package keychain

import (
	"errors"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
	ss "github.com/zalando/go-keyring/secret_service"
)

const secretsAPI = "org.freedesktop.Secret."

// findItems reads the items of an account in every collection (Secret Service API
// draft 0.2, SearchItems). The collection of the writes is unlocked first, so that a
// locked keyring is no missing item.
func findItems(service, account string) (items, error) {
	return search(map[string]string{"service": service, "username": account})
}

// findAll reads the items of all accounts in every collection.
func findAll(service string) (items, error) {
	return search(map[string]string{"service": service})
}

func search(attributes map[string]string) (items, error) {
	svc, err := ss.NewSecretService()
	if err != nil {
		return items{}, err
	}
	home := svc.GetLoginCollection()
	if err := svc.Unlock(home.Path()); err != nil {
		return items{}, err
	}
	var unlocked, locked []dbus.ObjectPath
	err = svc.Conn.Object(secretsName, secretsPath).
		Call(secretsAPI+"Service.SearchItems", 0, attributes).Store(&unlocked, &locked)
	if err != nil {
		return items{}, err
	}
	for _, path := range locked { // KeePassXC also locks single items, until the user allows the program
		if strings.HasPrefix(string(path), string(resolved(svc, home.Path()))+"/") {
			if err := svc.Unlock(path); err != nil {
				return items{}, err
			}
			unlocked = append(unlocked, path)
		}
	}
	found, err := read(svc, unlocked)
	for _, path := range locked {
		if !slices.Contains(unlocked, path) {
			found.locked = append(found.locked, string(path))
		}
	}
	return found, err
}

// resolved returns the path of a collection behind an alias.
func resolved(svc *ss.SecretService, collection dbus.ObjectPath) dbus.ObjectPath {
	if !strings.Contains(string(collection), "/aliases/") {
		return collection
	}
	var path dbus.ObjectPath
	err := svc.Conn.Object(secretsName, secretsPath).Call(secretsAPI+"Service.ReadAlias", 0, "default").Store(&path)
	if err != nil || path == "/" {
		return collection
	}
	return path
}

// read reads items. An item deleted meanwhile is skipped. A locked item is locked; any
// other failure is the failure of the result.
func read(svc *ss.SecretService, paths []dbus.ObjectPath) (found items, err error) {
	if len(paths) == 0 {
		return found, nil
	}
	session, err := svc.OpenSession()
	if err != nil {
		return found, err
	}
	defer func() { _ = svc.Close(session) }()
	for _, path := range paths {
		secret, err := svc.GetSecret(path, session.Path())
		name := ""
		if e, ok := errors.AsType[dbus.Error](err); ok {
			name = e.Name
		}
		switch {
		case err == nil:
			found.read = append(found.read, item{string(path), string(secret.Value)})
		case name == secretsAPI+"Error.IsLocked":
			found.locked = append(found.locked, string(path))
		case name == secretsAPI+"Error.NoSuchObject", name == "org.freedesktop.DBus.Error.UnknownObject":
		default:
			found.failed = err
		}
	}
	return found, nil
}

// unlockItems unlocks the items in turn and reads the unlocked items. After a refused
// prompt no further prompt follows.
func unlockItems(places []string) (items, error) {
	svc, err := ss.NewSecretService()
	if err != nil {
		return items{}, err
	}
	var found items
	for i, place := range places {
		_ = svc.Unlock(dbus.ObjectPath(place)) // the reading shows the result
		one, err := read(svc, []dbus.ObjectPath{dbus.ObjectPath(place)})
		if err != nil {
			return found, err
		}
		found.read = append(found.read, one.read...)
		if len(one.read) == 0 {
			found.locked = append(found.locked, places[i:]...)
			break
		}
	}
	return found, nil
}

// eraseItem deletes an item. Without the permission for a prompt, an item that needs
// the user's confirmation stays.
func eraseItem(_, _, place string, mayPrompt bool) error {
	svc, err := ss.NewSecretService()
	if err != nil {
		return err
	}
	if mayPrompt {
		return svc.Delete(dbus.ObjectPath(place))
	}
	return svc.Conn.Object(secretsName, dbus.ObjectPath(place)).Call(secretsAPI+"Item.Delete", 0).Err
}
