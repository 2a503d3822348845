// Package simxero simulates Xero on this computer: the sign-in pages, the tokens, the API, users, organisations and
// Xero's faults. The demo inside the program and the tests use the simulation.
//
// The simulation follows Xero's public documentation and imports no other package of Bookring, so that a wrong field
// name cannot cancel out between client and simulator.
//
// As at Xero, three hosts answer, each with an address and a package of its own:
//
//   - pages: the sign-in host (authorize, sign-in, consent, logout, error pages)
//   - identity: the issuer (discovery, keys, token, userinfo, revocation)
//   - api: the API (connections, organisation)
//
// Package world holds the users, organisations and connections that the hosts share. Package answer builds the
// responses. This package starts the hosts, logs the requests and injects the faults. routes.go lists every endpoint.
//
// A [World] describes users, organisations and apps. [Server.Change] and related methods act at Xero's side while the
// server runs. [Server.Fail] starts a fault. [Server.Requests] and [Server.Events] return the log. A [Visitor] signs
// in without a browser.
//
// A comment with the word "choice" marks a behaviour that Xero does not document. [Switches] select the alternatives.
package simxero
