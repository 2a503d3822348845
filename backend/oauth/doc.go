// Package oauth signs a person in: it listens on loopback, sends the browser
// to the authorization server, takes the answer, exchanges the code and checks
// who consented. It follows RFC 8252 (native apps), RFC 7636 (PKCE), RFC 6749
// and OpenID Connect Core.
//
// A [Flow] holds one loopback listener and up to eight attempts. A request to
// the listener is answered with one of a handful of fixed pages and ignored,
// unless it is the answer that one of the attempts waits for:
//
//	loopback.go   the listener: ports, both address families, limits
//	request.go    one request, read strictly; which of them is an answer
//	respond.go    what each request gets
//	flow.go       the attempts, side by side
//	attempt.go    one attempt, from the link to the grant
//	exchange.go   the code for a token
//	identity.go   the identity token: who consented
//	keys.go       the keys that sign it
//	server.go     which authorization server: Xero, or a test server
//	pages.go      what the browser shows
package oauth
