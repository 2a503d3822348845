package simxero

import "net/http"

const (
	sessionCookie = "simulated_xero_session"
	// cookieRules lack Secure: there is no TLS on loopback. Lax lets the cookie
	// come along when an app sends the browser here.
	cookieRules = "; Path=/; HttpOnly; SameSite=Lax"
)

// person returns who is signed in with the browser that sent the request.
func (s *Server) person(r *http.Request) (*Person, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil, false
	}
	p, known := s.state.people[s.state.sessions[cookie.Value]]
	return p, known
}

// signInPage lets the visitor choose who to be. It asks also when somebody is
// signed in already: that is how to sign in as someone else.
func (s *Server) signInPage(r *http.Request) answer {
	id := r.URL.Query().Get("consentId")
	if s.state.requests[id] == nil {
		return s.showError("invalid_request : the sign-in has ended")
	}
	current, _ := s.person(r)
	return page(http.StatusOK, "sign-in", signInView{
		App:       s.state.clients[s.state.requests[id].client].Name,
		ConsentID: id,
		People:    s.state.world.People,
		Current:   current,
	})
}

type signInView struct {
	App, ConsentID string
	People         []Person
	Current        *Person
}

func (s *Server) signIn(r *http.Request) answer {
	id := r.PostForm.Get("consentId")
	person := s.state.people[r.PostForm.Get("person")]
	if s.state.requests[id] == nil || person == nil {
		return s.showError("invalid_request : the sign-in has ended")
	}
	session := randomText(43)
	s.state.sessions[session] = person.ID
	s.happened(Event{Kind: SignedIn, Person: person.ID})
	return seeOther("/consent?consentId="+id).with("Set-Cookie", sessionCookie+"="+session+cookieRules)
}

// logout ends the browser's session. It does not return to the app, even if
// asked to.
func (s *Server) logout(r *http.Request) answer {
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		if person, known := s.person(r); known {
			s.happened(Event{Kind: SignedOut, Person: person.ID})
		}
		delete(s.state.sessions, cookie.Value)
	}
	return page(http.StatusOK, "logout", nil).with("Set-Cookie", sessionCookie+"="+cookieRules+"; Max-Age=0")
}

func (s *Server) limitPage(r *http.Request) answer {
	client := s.state.clients[r.URL.Query().Get("clientId")]
	if client == nil {
		client = &Client{Name: "This app"}
	}
	return page(http.StatusOK, "limit", client)
}

func (s *Server) errorPage(r *http.Request) answer {
	return page(http.StatusInternalServerError, "error", s.state.errors[r.URL.Query().Get("errorId")])
}
