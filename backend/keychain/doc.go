// Package keychain keeps refresh tokens in the operating system's keychain,
// and nowhere else: Windows Credential Manager, the macOS login keychain, or
// the Secret Service of a Linux desktop, all through zalando/go-keyring.
// [Vault] is that; [Memory] is the same contract for one run of the program.
//
// The library has no deadlines, panics on a malformed answer, and can report a
// write that never happened. Therefore a Vault
//
//   - makes one call at a time, each in a goroutine with a deadline and a
//     recover, and starts none while an earlier one has not come back;
//   - reads every write back and compares it;
//   - seals what it writes with a checksum, and trusts nothing without one;
//   - believes that an item is missing only when it was told so twice;
//   - looks after every deletion whether the item is gone;
//   - sorts every error into one of backend's Keychain codes.
//
// Under one service name there is one item for each sign-in, named
// "issuer|client ID|user ID"; the items "index", "index-2", ... that list
// those names, because the library cannot; and, for a moment, "canary". Every
// program of the same user can read them: the keychain protects against other
// people and against copies of the disk.
package keychain
