// Package connect answers the window's buttons and does the background work. [Connector] is
// the door: one method for each button, in buttons.go, list.go, settings.go, closing.go and
// removing.go. Behind the door each subject has a room, a package with one type that owns
// its state and its lock:
//
//	rounds     one trip through the browser, from the button to the recorded grant
//	renewal    refresh tokens and access tokens: renew, save, revoke, delete
//	record     Xero's lists on their way into the register, one at a time
//	syncing    checks, and disconnects; both directions between register and Xero
//	details    the daily reading of each organisation's details
//	recovery   sign-ins recalled from the keychain after a lost list
//	removal    remove everything from this computer
//	retry      backoff of failed calls, and which failures are shared
//	task       running work, its end at shutdown, the clock
//	view       the data for the window, and their formatters
//
// A room imports package backend, retry and task, and no other room. A room declares the
// few methods of its neighbours as unexported interfaces; [New] connects the rooms, and
// [Config] takes the adapters from main.go. No room calls another while it holds its own
// lock; a room tells its progress as a value.
//
// Three orders hold everywhere. A credential is saved in the keychain before the register
// records the sign-in. A disconnect request is recorded before Xero is asked. One call to
// Xero is never made twice for the same answer.
//
// Two mutexes make tasks wait for each other: syncing's sending, and then record's writing.
// A task takes them in this order. The lock of a sign-in, shared with the user's other
// programs, comes last.
package connect
