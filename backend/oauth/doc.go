// Package oauth obtains, renews and revokes the tokens of a sign-in. It follows
// RFC 8252 (native apps), RFC 7636 (PKCE), RFC 6749 and OpenID Connect Core.
//
// A [Flow] has one loopback listener and up to eight attempts. An [Attempt] is
// one authorization request in the user's browser. The listener answers every
// request with a page. Only the authorization server's answer, recognised by the
// state parameter, ends the wait of an attempt.
//
//	flow.go       the attempts of one program, side by side
//	attempt.go    one attempt, from the link to the grant
//	show.go       the end of an attempt in the browser, and the next attempt
//	loopback/     the listener: ports, both address families, limits
//	request.go    the strict parser for one request and for an answer
//	respond.go    the page for each request
//	paste.go      the answer by hand, without the listener
//	exchange.go   code for token set
//	renew.go      refresh token for the next token set
//	revoke.go     the end of a sign-in at the server
//	identity/     the user named by the tokens; the keys that sign identity tokens
//	server.go     the authorization server: Xero, or a test server
//	pages.go      the pages in the browser; outcome.go, the page of an outcome
package oauth
