package simxero

import (
	"net/http"
	"slices"
	"strings"
)

// consentView is the consent page.
type consentView struct {
	App         string
	Person      *Person
	ConsentID   string
	Permissions []string
	// Picker: the request reaches organisations, so that one can be chosen.
	Picker  bool
	Bulk    bool
	Choices []choice
	// Open counts the choices that can be made, Connected those that were.
	Open, Connected int
	Message         string
}

// choice is an organisation on the consent page. Why says in words why it
// cannot be chosen, or is empty.
type choice struct {
	ID, Name, Note, Why string
	Chosen              bool
}

const (
	whyConnected   = "already connected"
	whyUncertified = "already uses two uncertified apps"
)

func (s *Server) consentPage(r *http.Request) answer {
	id := r.URL.Query().Get("consentId")
	req := s.state.requests[id]
	if req == nil {
		return s.showError("invalid_request : the sign-in has ended")
	}
	person, signedIn := s.person(r)
	if !signedIn {
		return seeOther("/identity/login?consentId=" + id)
	}
	if s.state.switches.SkipConsent && len(s.state.listed(person.ID, req.client)) > 0 {
		return s.carryOn(req, person)
	}
	return page(http.StatusOK, "consent", s.consentView(req, person))
}

func (s *Server) consentView(req *request, person *Person) consentView {
	v := consentView{
		App: s.state.clients[req.client].Name, Person: person, ConsentID: req.id,
		Permissions: permissions(req.scopes), Bulk: req.bulk,
	}
	// With identity scopes only, there is nothing to choose an organisation for.
	v.Picker = len(v.Permissions) > 0
	for i := range s.state.world.Organisations {
		o := &s.state.world.Organisations[i]
		if o.TrialEnded || !s.state.mayConnect(person.ID, o.ID) {
			continue
		}
		c := choice{ID: o.ID, Name: o.Name, Note: o.Country, Why: s.why(req.client, person.ID, o)}
		if o.Type != TypeOrganisation {
			c.Note = strings.ToLower(o.Type)
		}
		switch c.Why {
		case whyConnected:
			v.Connected++
		case "":
			v.Open++
		}
		v.Choices = append(v.Choices, c)
	}
	if v.Open == 1 {
		for i := range v.Choices {
			v.Choices[i].Chosen = v.Choices[i].Why == ""
		}
	}
	return v
}

// why says why an organisation cannot be connected, or "".
func (s *Server) why(client, person string, o *Organisation) string {
	if s.state.connections[Link{person, o.ID, client}] != nil {
		return whyConnected
	}
	if !s.state.clients[client].Certified && o.OtherUncertifiedApps >= 2 {
		return whyUncertified
	}
	return ""
}

// decide takes what the person decided on the consent page.
func (s *Server) decide(r *http.Request) answer {
	req := s.state.requests[r.PostForm.Get("consentId")]
	person, signedIn := s.person(r)
	if req == nil || !signedIn {
		return s.showError("invalid_request : the sign-in has ended")
	}
	switch r.PostForm.Get("decision") {
	case "cancel":
		delete(s.state.requests, req.id)
		s.happened(Event{Kind: Refused, Person: person.ID, Client: req.client})
		return seeOther(callback(req.redirect, []field{
			{"error", "access_denied"},
			{"error_description", "TenantConsent status DENIED"},
			{"state", req.state},
		}))
	case "continue":
		return s.carryOn(req, person)
	case "all":
		v := s.consentView(req, person)
		for i := range v.Choices {
			v.Choices[i].Chosen = v.Bulk && v.Choices[i].Why == ""
		}
		return page(http.StatusOK, "consent", v)
	case "allow":
		return s.allow(req, person, r.PostForm["organisation"])
	default:
		return s.showError("invalid_request : unknown decision")
	}
}

// allow connects the chosen organisations and sends the browser back.
func (s *Server) allow(req *request, person *Person, chosen []string) answer {
	v := s.consentView(req, person)
	if !v.Picker {
		return s.sendBack(req, person.ID, newGUID())
	}
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	if v.Message = v.problem(chosen); v.Message != "" {
		return page(http.StatusUnprocessableEntity, "consent", v)
	}
	client := s.state.clients[req.client]
	if s.state.used(client.ID)+len(chosen) > client.Connections {
		delete(s.state.requests, req.id)
		s.happened(Event{Kind: LimitPage, Person: person.ID, Client: client.ID})
		return seeOther("/connectionLimit?clientId=" + client.ID)
	}
	event := newGUID()
	for _, id := range chosen {
		l := Link{person.ID, id, client.ID}
		kind := Connected
		if _, again := s.state.first[l]; again {
			kind = Reconnected
		}
		s.state.connect(l, event, s.now())
		s.happened(Event{Kind: kind, Person: l.Person, Organisation: l.Organisation, Client: l.Client})
	}
	return s.sendBack(req, person.ID, event)
}

// problem says in words why the chosen organisations cannot be connected, or "".
func (v consentView) problem(chosen []string) string {
	if len(chosen) == 0 {
		return "Choose an organisation first."
	}
	if len(chosen) > 1 && !v.Bulk {
		return "This app connects one organisation at a time."
	}
	for _, id := range chosen {
		i := slices.IndexFunc(v.Choices, func(c choice) bool { return c.ID == id })
		if i < 0 {
			return "You cannot connect that organisation."
		}
		if why := v.Choices[i].Why; why != "" {
			return "That organisation cannot be chosen: " + why + "."
		}
	}
	return ""
}

// carryOn sends the browser back with what is connected already. Its id and
// authEventId stay, unless the switch says otherwise.
func (s *Server) carryOn(req *request, person *Person) answer {
	event := newGUID()
	for l, c := range s.state.connections {
		if l.Person == person.ID && l.Client == req.client && s.state.switches.UpdateOnContinue {
			c.event, c.updated = event, s.now()
		}
	}
	s.happened(Event{Kind: Continued, Person: person.ID, Client: req.client})
	return s.sendBack(req, person.ID, event)
}
