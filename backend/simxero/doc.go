// Package simxero is a Xero that runs on this computer: the sign-in and consent
// pages, the tokens, the two API calls, the people and their organisations, and
// the faults that a real one shows on a bad day. It serves the demo inside the
// program and every test.
//
// It is written from Xero's public documentation and imports nothing of ours,
// so that a misread field name cannot cancel out between client and simulator.
//
// Three addresses stand for Xero's hosts, because their being different is part
// of what a client must cope with:
//
//   - the sign-in host (authorize, sign-in, consent, logout, error pages)
//   - the issuer (discovery, keys, token, userinfo, revocation)
//   - the API (connections, organisation)
//
// A [World] says who and what there is. [Server.Change] and its named
// companions act at Xero's side while the server runs, [Server.Fail] switches a
// fault on, [Server.Requests] and [Server.Events] tell what happened, and a
// [Visitor] is a person with a browser for tests that have none.
//
// Where Xero's behaviour is not documented the choice made here is named in the
// comment, and [Switches] holds the other one.
package simxero
