// Package stress proves that no sign-in is ever lost. It holds nothing but
// tests: a table of faults, each of which runs small with every test run and at
// full size with build/stress.sh.
//
// Copies of the program are processes of their own, with everything real but the
// window: connect, oauth and xero over HTTP, sqlite, the lock that the kernel
// holds, and keychain over D-Bus. The test outlives them. It is Xero (simxero)
// and the keyring (simkeyring), kills with SIGKILL, and judges by what a copy
// that nothing disturbs then finds.
package stress
