// Package keychain saves credentials in the operating system's keychain only:
// Windows Credential Manager, the macOS login keychain, or the Secret Service of
// a Linux desktop. All writes go through zalando/go-keyring. [Vault] is the system's
// keychain; [Memory] fulfils the same contract for one run of the program.
//
// The library has no deadlines, panics on a malformed answer, and can report a
// write that never happened. Therefore a Vault
//
//   - makes one call at a time, each in a goroutine with a deadline and a
//     recover, and starts no call before the end of the previous call;
//   - reads every write back and compares;
//   - seals every item with a checksum and rejects items without a valid checksum;
//   - reports a missing item only after two answers of the keychain;
//   - looks for the item after every deletion;
//   - measures the length before every write, and says in advance what fits;
//   - sorts every error into one of package backend's Keychain codes.
//
// The library reads the first item of an account. A keychain can hold more: a backup
// restored as a second collection or into the same one, a second KeePassXC database, a
// second keychain file of macOS. A Vault reads all items of an account and takes the
// newest whole copy (copies.go). Windows holds one item of a name.
//
// A service name has one item for each sign-in, named "issuer|client ID|user ID",
// and the items "index", "index-2", ... with the names of the sign-ins' items,
// because the library cannot list items. A probe writes the item "canary" for a
// moment. Every program of the same user can read the items: the keychain
// protects against other users and against copies of the disk.
package keychain
