// Package simkeyring is a Secret Service (freedesktop.org, API draft 0.2) that
// runs here, on a session bus of its own. It keeps secrets as the keyring of a
// Linux desktop does, and goes wrong on request. It is for tests.
package simkeyring
