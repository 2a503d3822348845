package simxero

import (
	"net/http"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/pages"
)

// Endpoint names an endpoint for faults and for the request log.
type Endpoint string

// The endpoints. In a call, [Token] stands for both [Exchange] and [Renewal].
const (
	Discovery  Endpoint = "discovery"
	Keys       Endpoint = "keys"
	UserInfo   Endpoint = "userinfo"
	Revocation Endpoint = "revocation"
	Token      Endpoint = "token"
	Exchange   Endpoint = "token: code"    // grant_type=authorization_code
	Renewal    Endpoint = "token: refresh" // grant_type=refresh_token

	Authorize Endpoint = "authorize"
	SignIn    Endpoint = "sign-in page"
	Consent   Endpoint = "consent page"
	OtherPage Endpoint = "other page" // logout, connection limit, errors

	Connections Endpoint = "connections"
	Disconnect  Endpoint = "disconnect" // DELETE /connections/{id}
	Details     Endpoint = "organisation"
	Unknown     Endpoint = "unknown"
)

func (e Endpoint) covers(other Endpoint) bool {
	return e == other || e == Token && (other == Exchange || other == Renewal)
}

// handler answers a request. The server runs one handler at a time.
type handler func(*http.Request) answer.Answer

type route struct {
	pattern  string
	endpoint Endpoint
	handler  handler
}

// routes returns the endpoints of the three hosts, in the order of Server.hosts.
func (s *Server) routes() [3]*http.ServeMux {
	all := [3]*http.ServeMux{
		signInHost: s.mux(
			route{"GET /identity/connect/authorize", Authorize, s.pages.Authorize},
			route{"GET /identity/login", SignIn, s.pages.SignInPage},
			route{"POST /identity/login", SignIn, s.pages.SignIn},
			route{"GET /consent", Consent, s.pages.ConsentPage},
			route{"POST /consent", Consent, s.pages.Decide},
			route{"GET /connectionLimit", OtherPage, s.pages.LimitPage},
			route{"GET /identity/error", OtherPage, s.pages.ErrorPage},
			route{"GET /logout", OtherPage, s.pages.Logout},
			route{"GET /identity/connect/endsession", OtherPage, s.pages.Logout},
		),
		issuerHost: s.mux(
			route{"GET /.well-known/openid-configuration", Discovery, s.identity.Discovery},
			route{"GET /.well-known/openid-configuration/jwks", Keys, s.identity.Keys},
			route{"POST /connect/token", Token, s.identity.Token},
			route{"POST /connect/revocation", Revocation, s.identity.Revocation},
			route{"/connect/userinfo", UserInfo, s.identity.UserInfo},
		),
		// Xero's specification has the path Connections, Xero's own programs have connections.
		apiHost: s.mux(
			route{"GET /connections", Connections, s.api.Connections},
			route{"GET /Connections", Connections, s.api.Connections},
			route{"DELETE /connections/{id}", Disconnect, s.api.Disconnect},
			route{"DELETE /Connections/{id}", Disconnect, s.api.Disconnect},
			route{"GET /api.xro/2.0/Organisation", Details, s.api.Organisation},
		),
	}
	all[signInHost].HandleFunc("GET /style.css", pages.Style)
	return all
}

func (s *Server) mux(routes ...route) *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range append(routes, route{"/", Unknown, answer.NotFound}) {
		mux.HandleFunc(r.pattern, s.serve(r.endpoint, r.handler))
	}
	return mux
}
