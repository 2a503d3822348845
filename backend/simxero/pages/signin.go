package pages

import (
	"net/http"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

const (
	sessionCookie = "simulated_xero_session"
	// cookieRules lack Secure, because loopback has no TLS. With SameSite=Lax the browser sends the cookie when an app
	// opens the sign-in pages.
	cookieRules = "; Path=/; HttpOnly; SameSite=Lax"
)

// user returns the user signed in to the browser that sent a request, or nil.
func (s *Site) user(r *http.Request) *world.Person {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	return s.state.People[s.sessions[cookie.Value]]
}

type signInView struct {
	App, ConsentID string
	People         []world.Person
	Current        *world.Person
}

// SignInPage offers the users for the sign-in. A signed-in user sees the page too and can switch to another user.
func (s *Site) SignInPage(r *http.Request) answer.Answer {
	id := r.URL.Query().Get("consentId")
	req := s.requests[id]
	if req == nil {
		return s.unknownRequest()
	}
	return page(http.StatusOK, "sign-in", signInView{
		App:       s.state.Clients[req.client].Name,
		ConsentID: id,
		People:    s.state.World.People,
		Current:   s.user(r),
	})
}

// SignIn signs in the user chosen on [Site.SignInPage].
func (s *Site) SignIn(r *http.Request) answer.Answer {
	id := r.PostForm.Get("consentId")
	user := s.state.People[r.PostForm.Get("person")]
	if s.requests[id] == nil || user == nil {
		return s.unknownRequest()
	}
	session := world.RandomText(43)
	s.sessions[session] = user.ID
	s.state.Record(world.Event{Kind: world.SignedIn, Person: user.ID})
	return answer.SeeOther("/consent?consentId="+id).With("Set-Cookie", sessionCookie+"="+session+cookieRules)
}

// Logout ends the browser's session. As at Xero, the page ignores a request to return to the app.
func (s *Site) Logout(r *http.Request) answer.Answer {
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		if user := s.user(r); user != nil {
			s.state.Record(world.Event{Kind: world.SignedOut, Person: user.ID})
		}
		delete(s.sessions, cookie.Value)
	}
	return page(http.StatusOK, "logout", nil).With("Set-Cookie", sessionCookie+"="+cookieRules+"; Max-Age=0")
}
