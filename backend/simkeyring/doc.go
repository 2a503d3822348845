// Package simkeyring simulates a Linux desktop's keyring for tests: a Secret Service (freedesktop.org, API draft 0.2)
// on a separate session bus. Faults are configurable.
package simkeyring
