// Package connect answers the window's buttons and does the background work. [Connector] is
// the door: one method for each button, in buttons.go, list.go, settings.go, closing.go and
// removing.go. [Program] opens and closes the door's data; watch.go looks for due work.
//
// Behind the door each subject has a room, a package with one type that owns its state and
// its lock:
//
//	rounds     one trip through the browser, from the button to the recorded grant
//	limits     Xero's rate limits, between the other rooms and Xero
//	renewal    refresh tokens and access tokens: renew, save, revoke, delete
//	record     Xero's lists on their way into the register, one at a time
//	syncing    checks, and disconnects; both directions between register and Xero
//	details    the daily reading of each organisation's details
//	recovery   sign-ins recalled from the keychain after a lost list
//	removal    remove everything from this computer
//
// Three packages serve the rooms and the door:
//
//	retry      backoff of failed calls, and which failures are shared
//	task       running work, its end at shutdown, the clock
//	view       the data for the window, and their formatters
//
// A room imports package backend, retry and task, and no other room. A room declares the
// few methods of its neighbours as unexported interfaces; [New] connects the rooms, and
// [Config] takes the adapters from main.go. A method named Progress returns a copy of the
// room's progress.
//
// Two orders hold everywhere. A credential is saved in the keychain before the register
// records the sign-in. A disconnect request is recorded before Xero is asked.
//
// Locks. A mutex named mu guards fields only: no call leaves the room under mu. Five locks
// are held during calls, and a task takes them in this order: syncing's sending, record's
// writing, the lock of a sign-in (shared with the user's other programs), limits' saving, and
// inside the adapters the turn of the keychain or of the register's writer. Program's mu is taken
// before all of them, while data are opened or closed.
//
// A new room needs: a row and a place in connect's row of backend/imports_test.go, a field
// of [Config] and a call in [New], the adapters in main.go (plugAdapters) and for tests in
// backend/rig (Plug), and a line above. A new key of the log needs a place in
// backend/desktop/log.go.
package connect
