// Package backend is Bookring's vocabulary: the words that every other room
// uses, and nothing else. It imports none of ours.
//
//   - An [Organisation] is a client's set of books at Xero. Xero's wire says
//     tenant; only the wire does.
//   - A [SignIn] is one Xero user's standing consent to Bookring: one token
//     set that reaches many organisations. Its key is the issuer, the client
//     ID and the Xero user ID.
//   - A [Connection] is one sign-in's access to one organisation. Two sign-ins
//     may reach the same organisation.
//   - A [Token] is what a sign-in presents to Xero; a [Credential] is the part
//     of it that outlives the program, kept in the keychain.
//   - A [Status] says how an organisation stands.
//   - An [Outcome] is what one trip through the browser brought.
//   - A [Failure] is anything that went wrong, as a code with words.
//
// Times are UTC everywhere in Go; only the window shows local time.
package backend
