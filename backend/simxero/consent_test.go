package simxero_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"bookring/backend/simxero"
)

// consent signs the user in and returns the consent page.
func (a *app) consent(v *simxero.Visitor, person string, pairs ...string) string {
	a.t.Helper()
	// An empty choice leaves the user signed in and the request unanswered.
	if _, err := v.Allow(a.t.Context(), a.link(pairs...), person); !errors.Is(err, simxero.ErrStuck) {
		a.t.Fatalf("the browser went back after an empty choice: %v", err)
	}
	p, err := v.Open(a.t.Context(), a.link(pairs...))
	if err != nil {
		a.t.Fatal(err)
	}
	return p.Body
}

// choices returns the names on a consent page. The value reports whether the name can be chosen.
func choices(page string) map[string]bool {
	all := map[string]bool{}
	found := regexp.MustCompile(`(?s)<input type="(?:radio|checkbox)"([^>]*)>\s*<label[^>]*><bdi>(.*?)</bdi>`).FindAllStringSubmatch(page, -1)
	for _, f := range found {
		all[f[2]] = !strings.Contains(f[1], "disabled")
	}
	return all
}

func TestTheConsentPageOffersTheUsersOrganisations(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	page := a.consent(v, "Aroha Ngata")
	same(t, "Aroha's organisations", choices(page), map[string]bool{
		"Bright Fern Nurseries": true, "Kererū Joinery Ltd": true, "Demo Company (NZ)": true,
	})
	if strings.Contains(page, "Continue with") || strings.Contains(page, "Select all") {
		t.Error("the page offers Continue without a connection, or Select all to an ordinary client")
	}
	a.signIn(v, "Aroha Ngata", "Kererū Joinery Ltd")
	page = a.consent(v, "Aroha Ngata")
	same(t, "after one is connected", choices(page), map[string]bool{
		"Bright Fern Nurseries": true, "Kererū Joinery Ltd": false, "Demo Company (NZ)": true,
	})
	for _, words := range []string{"already connected", ">Continue with 1 organisation<", ">Allow access<", ">Cancel<"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
}

// Xero needs the permission for Connected Apps besides the role.
func TestAUserWithoutThePermissionForConnectedAppsMayNotConnect(t *testing.T) {
	w := simxero.Named("Allowed", "Not allowed")
	w.Organisations[1].NoConnectedApps = []string{w.People[0].ID}
	a := start(t, w)
	same(t, "offered", choices(a.consent(a.server.Visitor(), "Jo Whitmore")), map[string]bool{"Allowed": true})
	if _, err := a.server.Visitor().Allow(t.Context(), a.link(), "Jo Whitmore", "Not allowed"); !errors.Is(err, simxero.ErrStuck) {
		t.Errorf("a forged form connected: %v", err)
	}
}

func TestAnOrganisationTakesTwoUncertifiedApps(t *testing.T) {
	w := simxero.Named("One")
	w.Clients[0].Certified = false
	w.Clients = append(w.Clients, simxero.Client{ID: otherID, Name: "Another"})
	w.Organisations[0].OtherUncertifiedApps = 1
	w.Connected = []simxero.Link{{Person: w.People[0].ID, Organisation: w.Organisations[0].ID, Client: otherID}}
	a := start(t, w)
	page := a.consent(a.server.Visitor(), "Jo Whitmore")
	same(t, "offered", choices(page), map[string]bool{"One": false})
	if !strings.Contains(page, "already uses two apps that are not certified") {
		t.Error("the page does not say why")
	}
	w.Clients[1].Certified = true
	a = start(t, w)
	same(t, "beside a certified app", choices(a.consent(a.server.Visitor(), "Jo Whitmore")), map[string]bool{"One": true})
}

const otherID = "FFEEDDCCBBAA99887766554433221100"

func TestOnlyStandardAndAdviserMayConnect(t *testing.T) {
	w := simxero.Named("Adviser", "Standard", "Read only", "Invoice only", "None")
	for i, role := range []simxero.Role{simxero.Adviser, simxero.Standard, simxero.ReadOnly, simxero.InvoiceOnly} {
		w.Roles[simxero.Membership{Person: w.People[0].ID, Organisation: w.Organisations[i].ID}] = role
	}
	delete(w.Roles, simxero.Membership{Person: w.People[0].ID, Organisation: w.Organisations[4].ID})
	a := start(t, w)
	same(t, "offered", choices(a.consent(a.server.Visitor(), "Jo Whitmore")), map[string]bool{"Adviser": true, "Standard": true})
	for _, forbidden := range []string{"Read only", "None"} {
		if _, err := a.server.Visitor().Allow(t.Context(), a.link(), "Jo Whitmore", forbidden); !errors.Is(err, simxero.ErrStuck) {
			t.Errorf("a forged form connected %s: %v", forbidden, err)
		}
	}
}

func TestAUserWithoutOrganisationsConnectsNothing(t *testing.T) {
	w := simxero.Named("Only one")
	w.Roles = nil
	a := start(t, w)
	q := a.callback(a.server.Visitor().Continue(t.Context(), a.link(), "Jo Whitmore"))
	token := a.exchange(q.Get("code"))
	same(t, "connections", a.call("GET", "/connections", token).body, "[]")
}

func TestOnlyABulkClientConnectsSeveralOrganisationsAtOnce(t *testing.T) {
	w := simxero.Demo()
	a := start(t, w)
	both := []string{"Calder Street Vets", "Fjord Analytics Ltd"}
	if _, err := a.server.Visitor().Allow(t.Context(), a.link(), "Jo Whitmore", both...); !errors.Is(err, simxero.ErrStuck) {
		t.Errorf("an ordinary client connected two at once: %v", err)
	}
	w.Clients[0].Bulk = true
	a = start(t, w)
	link := a.link("acr_values", "bulk_connect:false")
	if _, err := a.server.Visitor().Allow(t.Context(), link, "Jo Whitmore", both...); !errors.Is(err, simxero.ErrStuck) {
		t.Errorf("bulk_connect:false was ignored: %v", err)
	}
	if page := a.consent(a.server.Visitor(), "Jo Whitmore"); !strings.Contains(page, ">Select all<") {
		t.Error("the page lacks Select all")
	}
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", both...)
	all := a.connections(token)
	same(t, "connected", len(all), 2)
	same(t, "one event for both", all[0].AuthEventID, all[1].AuthEventID)
}

func TestAConnectionAboveTheLimitEndsOnTheLimitPage(t *testing.T) {
	for _, limit := range []int{5, 50} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			names := make([]string, limit+1)
			for i := range names {
				names[i] = fmt.Sprintf("Client %d", i)
			}
			w := simxero.Named(names...)
			w.Clients[0].Connections = limit
			a := start(t, w)
			v := a.server.Visitor()
			token := a.signIn(v, "Jo Whitmore", names[:limit]...)
			_, err := v.Allow(t.Context(), a.link(), "Jo Whitmore", names[limit])
			if !errors.Is(err, simxero.ErrStuck) || !strings.Contains(err.Error(), "/connectionLimit") {
				t.Fatalf("one above the limit: %v", err)
			}
			a.callback(v.Continue(t.Context(), a.link(), "Jo Whitmore"))
			first := a.connections(token)[0]
			same(t, "disconnect", a.call("DELETE", "/connections/"+first.ID, token).status, 204)
			a.signIn(v, "Jo Whitmore", names[limit])
		})
	}
}

func TestTheConsentPageRefusesAThirdUncertifiedApp(t *testing.T) {
	w := simxero.Named("Full", "Free")
	w.Clients[0].Certified = false
	w.Organisations[0].OtherUncertifiedApps = 2
	w.Organisations[1].OtherUncertifiedApps = 1
	a := start(t, w)
	page := a.consent(a.server.Visitor(), "Jo Whitmore")
	same(t, "choices", choices(page), map[string]bool{"Full": false, "Free": true})
	if _, err := a.server.Visitor().Allow(t.Context(), a.link(), "Jo Whitmore", "Full"); !errors.Is(err, simxero.ErrStuck) {
		t.Errorf("a forged form connected the organisation: %v", err)
	}
	w.Clients[0].Certified = true
	a = start(t, w)
	a.signIn(a.server.Visitor(), "Jo Whitmore", "Full")
}

func TestContinueDoesNotChangeTheConnection(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	before := a.connections(a.signIn(v, "Jo Whitmore", "Calder Street Vets"))
	a.clock.Advance(3600e9)
	q := a.callback(v.Continue(t.Context(), a.link(), "Jo Whitmore"))
	token := a.exchange(q.Get("code"))
	same(t, "connections", a.connections(token), before)
	event, _ := claims(t, token.text("access_token"))["authentication_event_id"].(string)
	same(t, "found by the event of this sign-in", a.connections(token, "?authEventId="+event), []connection{})

	a.server.Switch(func(s *simxero.Switches) { s.UpdateOnContinue = true })
	q = a.callback(v.Continue(t.Context(), a.link(), "Jo Whitmore"))
	token = a.exchange(q.Get("code"))
	event, _ = claims(t, token.text("access_token"))["authentication_event_id"].(string)
	found := a.connections(token, "?authEventId="+event)
	same(t, "found with the switch on", len(found), 1)
	same(t, "the same connection", found[0].ID, before[0].ID)
}

func TestTheConsentPageCanBeSkipped(t *testing.T) {
	a := start(t, simxero.Demo(), func(o *simxero.Options) { o.Switches.SkipConsent = true })
	v := a.server.Visitor()
	a.signIn(v, "Jo Whitmore", "Calder Street Vets")
	p, err := v.Open(t.Context(), a.link())
	if err != nil || !strings.HasPrefix(p.Address, simxero.RedirectAddresses()[0]+"?code=") {
		t.Fatalf("the browser did not return at once: %s (%v)", p.Address, err)
	}
}

func TestIdentityScopesAloneConnectNothing(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	q := a.callback(v.Allow(t.Context(), a.link("scope", "openid profile email offline_access"), "Jo Whitmore"))
	same(t, "names", a.names(a.exchange(q.Get("code"))), []string(nil))
}
