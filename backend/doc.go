// Package backend is the vocabulary of Bookring: the domain types, the
// [Failure] codes and the texts that every other package uses. Package backend
// imports no package of the project. Times are UTC in Go and SQLite; only the
// window shows local time.
//
// One word has one meaning, in code, comments and log lines.
//
// Xero:
//
//	organisation         a client's set of books; Xero's API says tenant
//	sign-in              one Xero user's consent to Bookring; the key is the issuer, the client ID and the Xero user ID
//	connection           one sign-in's access to one organisation; two sign-ins may reach the same organisation
//	user                 the bookkeeper; "person" only where the Xero user and the reader of the window differ
//	round                one trip through the browser; the result is an [Outcome] or a [Failure]
//	attempt              the technical half of a round: one authorization request and the answer
//	expected person      the Xero user for whom the window started a round
//
// Storage:
//
//	keychain             the operating system's credential store; the window says "password store"
//	vault                the port to a keychain: the system's keychain, or memory
//	credential           the keychain's record of a sign-in: refresh token, previous refresh token, generation, times
//	copy                 one of several items with the credential of a sign-in; whole if the checksum and the key are right
//	register             the SQLite database of sign-ins, connections, organisations, history and settings
//	save, record         save a credential to the keychain; record a row in the register
//	retain               not delete a file (backups, logs)
//	mark                 the file by which a folder on the disk is Bookring's
//	adopt                mark a folder of a Bookring without marks, where the folder is
//	return               make a sign-in living again: its missing credential is back in the keychain
//	recall               restore sign-ins from the keychain after the register was lost
//
// Renewal:
//
//	renewal              the exchange of a refresh token for the next token set (RFC 6749 section 6)
//	present              send a refresh token to the token endpoint
//	grace period         the 30 minutes in which Xero accepts a presented refresh token again
//	in doubt             Xero may have renewed, but the answer is missing
//	unsaved              renewed, but the keychain has not accepted the credential yet; retry the save
//	ended                refused by Xero for good, or without a usable credential; a sign-in that is not ended is living
//	pending grant        granted by Xero, but not recorded yet; Bookring goes on, or the next click records the grant without a browser
//	expiry               the time at which Xero ends an unused sign-in, 60 days after the last renewal
//	reminder             the notice before an expiry
//
// Checks and disconnects:
//
//	check                compare Xero's list of connections with the register, for each sign-in
//	list                 Xero's list: the connections of one sign-in; the window's list: the organisations of the register
//	due                  to be done now
//	trouble              the code of the failure that prevented the last check of a sign-in
//	shared failure       a failure that every other sign-in would meet, too
//	needs a prompt       a keychain failure; a retry can show a prompt to the user
//	ready, defer, reset  retry timing: may try now; set the next try; forget the backoff
//	disconnect request   the organisations or the sign-in that the user asked to disconnect
//	disconnect effect    the consequence of a request for one organisation
//	pending disconnect   requested by the user, not sent to Xero yet; confirmed once Xero has ended the connection
//	sync disconnects     send the pending disconnects to Xero
//	still connected      not disconnected at Xero: the disconnect failed, or the sign-in has ended
//	unreached            an organisation without a living sign-in
//	reconnected          connected again: removed, disconnected or unreached before
//	revoke               end a sign-in at the revocation endpoint (RFC 7009)
//	delete               remove a credential from the keychain, or a file
//
// The end of the program, and of the data:
//
//	shutdown grace       the seconds that running work gets after Close
//	removal              "Remove everything from this computer"
//	disconnect all       disconnect every connection at Xero before a removal
//	leftover             a file that a removal could not delete
package backend
