//go:build windows || darwin

package keychain

import "errors"

// errNoBus never occurs: Windows and macOS have no session bus.
var errNoBus = errors.New("no session bus")

func reachable() error { return nil }

func serviceOnBus() (name string, known bool) { return "", false }

func abandonCalls() {}

func explained(err error) error { return err }
