//go:build !windows && !darwin

package keychain

import (
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// The names of the Secret Service API, draft 0.2.
const (
	secretsName       = "org.freedesktop.secrets"
	secretsPath       = "/org/freedesktop/secrets"
	serviceInterface  = "org.freedesktop.Secret.Service"
	collectionLocked  = "org.freedesktop.Secret.Collection.Locked"
	loginCollection   = secretsPath + "/collection/login"
	defaultCollection = secretsPath + "/aliases/default"
	nameOwnerChanged  = "org.freedesktop.DBus.NameOwnerChanged"
)

// unlocked fails with IsLocked for a locked collection. The library uses the same
// collection: login, or else the default. Reading a property never prompts.
func unlocked() error {
	conn, err := dbus.SessionBus()
	if err != nil {
		return fmt.Errorf("%w: %w", errNoBus, err)
	}
	all, err := conn.Object(secretsName, secretsPath).GetProperty(serviceInterface + ".Collections")
	if err != nil {
		return err
	}
	collection := dbus.ObjectPath(defaultCollection)
	if paths, _ := all.Value().([]dbus.ObjectPath); slices.Contains(paths, loginCollection) {
		collection = loginCollection
	}
	locked, err := conn.Object(secretsName, collection).GetProperty(collectionLocked)
	if err != nil {
		return err
	}
	if is, known := locked.Value().(bool); is || !known {
		return dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	}
	return nil
}

// ownerSignals returns true for another owner of the Secret Service, and false for a
// changed collection, until the end of the session bus; nil without a session bus. The
// caller must call stop.
func ownerSignals() (signals <-chan bool, stop func()) {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, func() {}
	}
	stop = func() { _ = conn.Close() }
	if conn.Auth(nil) != nil || conn.Hello() != nil || subscribe(conn) != nil {
		return nil, stop
	}
	received, changes := make(chan *dbus.Signal, 16), make(chan bool, 16)
	conn.Signal(received) // closed with the connection
	go forward(received, changes, conn.Context().Done())
	return changes, stop
}

// forward sends whether each signal tells of another owner, until the end of the
// connection. After a panic no further signal is forwarded.
func forward(received <-chan *dbus.Signal, changes chan<- bool, ended <-chan struct{}) {
	defer close(changes)
	defer func() { _ = recover() }()
	for s := range received {
		select {
		case changes <- s.Name == nameOwnerChanged:
		case <-ended:
			return
		}
	}
}

// subscribe asks for the signals of the owner and of the collections. Signals of items are
// left out: each save would send some.
func subscribe(conn *dbus.Conn) error {
	if err := conn.AddMatchSignal(
		dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchInterface("org.freedesktop.DBus"),
		dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretsName),
	); err != nil {
		return err
	}
	return conn.AddMatchSignal(dbus.WithMatchSender(secretsName), dbus.WithMatchInterface(serviceInterface))
}
