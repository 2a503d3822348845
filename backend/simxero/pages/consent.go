package pages

import (
	"net/http"
	"slices"
	"strings"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

// consentView is the content of the consent page.
type consentView struct {
	App         string
	Person      *world.Person
	ConsentID   string
	Permissions []string
	// Picker shows the list of organisations. A request for identity scopes alone needs no organisation.
	Picker  bool
	Bulk    bool
	Choices []choice
	// Open counts the choices that can be connected. Connected counts the existing connections.
	Open, Connected int
	Message         string
}

// choice is an organisation on the consent page. Why is the reason that prevents a connection, or "".
type choice struct {
	ID, Name, Note, Why string
	Chosen              bool
}

const (
	whyConnected   = "already connected"
	whyUncertified = "already uses two apps that are not certified"
)

// ConsentPage asks the user for consent to a request.
func (s *Site) ConsentPage(r *http.Request) answer.Answer {
	id := r.URL.Query().Get("consentId")
	req, user := s.requests[id], s.user(r)
	if req == nil {
		return s.unknownRequest()
	}
	if user == nil {
		return answer.SeeOther("/identity/login?consentId=" + id)
	}
	if s.state.Switches.SkipConsent && len(s.state.Listed(user.ID, req.client)) > 0 {
		return s.carryOn(req, user)
	}
	return page(http.StatusOK, "consent", s.consentView(req, user))
}

func (s *Site) consentView(req *request, user *world.Person) consentView {
	v := consentView{
		App: s.state.Clients[req.client].Name, Person: user, ConsentID: req.id,
		Permissions: permissions(req.scopes), Bulk: req.bulk,
	}
	v.Picker = len(v.Permissions) > 0
	for i := range s.state.World.Organisations {
		o := &s.state.World.Organisations[i]
		if o.TrialEnded || !s.state.MayConnect(user.ID, o.ID) || slices.Contains(o.NoConnectedApps, user.ID) {
			continue
		}
		c := choice{ID: o.ID, Name: o.Name, Note: o.Country, Why: s.why(req.client, user.ID, o)}
		if o.Type != world.TypeOrganisation {
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
		v.chooseAll()
	}
	return v
}

func (v *consentView) chooseAll() {
	for i := range v.Choices {
		v.Choices[i].Chosen = v.Choices[i].Why == ""
	}
}

// why returns the reason that prevents connecting an organisation, or "".
func (s *Site) why(client, user string, o *world.Organisation) string {
	if s.state.Connection(world.Link{Person: user, Organisation: o.ID, Client: client}) != nil {
		return whyConnected
	}
	if !s.state.Clients[client].Certified && s.state.UncertifiedApps(o, client) >= 2 {
		return whyUncertified
	}
	return ""
}

// Decide applies the user's decision on the consent page.
func (s *Site) Decide(r *http.Request) answer.Answer {
	req, user := s.requests[r.PostForm.Get("consentId")], s.user(r)
	if req == nil || user == nil {
		return s.unknownRequest()
	}
	switch r.PostForm.Get("decision") {
	case "cancel":
		s.state.Record(world.Event{Kind: world.Refused, Person: user.ID, Client: req.client})
		return s.callBack(req, []field{
			{"error", "access_denied"},
			{"error_description", "TenantConsent status DENIED"},
			{"state", req.state},
		})
	case "continue":
		return s.carryOn(req, user)
	case "all":
		v := s.consentView(req, user)
		if v.Bulk {
			v.chooseAll()
		}
		return page(http.StatusOK, "consent", v)
	case "allow":
		return s.allow(req, user, r.PostForm["organisation"])
	default:
		return s.fail("invalid_request : unknown decision")
	}
}

// allow connects the chosen organisations and sends the browser back to the app.
func (s *Site) allow(req *request, user *world.Person, chosen []string) answer.Answer {
	v := s.consentView(req, user)
	if !v.Picker {
		return s.sendBack(req, user, world.NewGUID())
	}
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	if v.Message = v.problem(chosen); v.Message != "" {
		return page(http.StatusUnprocessableEntity, "consent", v)
	}
	client := s.state.Clients[req.client]
	if s.state.Used(client.ID)+len(chosen) > client.Connections {
		delete(s.requests, req.id)
		s.state.Record(world.Event{Kind: world.LimitPage, Person: user.ID, Client: client.ID})
		return answer.SeeOther("/connectionLimit?clientId=" + client.ID)
	}
	event := world.NewGUID()
	for _, id := range chosen {
		kind := world.Connected
		if s.state.Connect(world.Link{Person: user.ID, Organisation: id, Client: client.ID}, event) {
			kind = world.Reconnected
		}
		s.state.Record(world.Event{Kind: kind, Person: user.ID, Organisation: id, Client: client.ID})
	}
	return s.sendBack(req, user, event)
}

// problem returns the sentence that explains a refused choice, or "".
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

// carryOn sends the browser back without a new connection. The existing connections do not change, except under the
// switch UpdateOnContinue.
func (s *Site) carryOn(req *request, user *world.Person) answer.Answer {
	event := world.NewGUID()
	if s.state.Switches.UpdateOnContinue {
		for _, c := range s.state.Connections(user.ID, req.client) {
			c.Event, c.Updated = event, s.state.Now()
		}
	}
	s.state.Record(world.Event{Kind: world.Continued, Person: user.ID, Client: req.client})
	return s.sendBack(req, user, event)
}
