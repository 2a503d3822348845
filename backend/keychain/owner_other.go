//go:build windows || darwin

package keychain

func unlocked() error { return nil }

// ownerSignals returns no signals: the keychain is a part of the system.
func ownerSignals() (signals <-chan bool, stop func()) { return nil, func() {} }
