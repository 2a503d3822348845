// Package connect holds the use cases: what happens when a person presses a
// button, and what goes on by itself. It decides; the adapters behind its ports
// (ports.go) do. [Connector] is the door; overview.go is what the window sees.
//
// Its files, by what they are about:
//
//	connecting     connect, waiting, complete, outcome, signinagain
//	keeping        renew, credential, tokens, unsaved, unanswered, renewnow, closing
//	checking       start, wake, check, listing, trouble; details, heldback, readone, pace
//	sign-ins       the file of that name, repair, ending, tell, calendar
//	disconnecting  disconnect, tellxero, letgo
//	removing       removal, withdraw, remove
//	the list       rows, keeping, recovery, recall
//	the program    connector, overview, settings, work, logged
//
// Three orders hold everywhere. The keychain is written before the register. A
// wish is written down before Xero is told of it. And what one call to Xero can
// tell is not asked with two.
package connect
