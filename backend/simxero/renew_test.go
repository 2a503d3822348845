package simxero_test

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"bookring/backend/simxero"
)

func TestEachRenewalChangesTheRefreshTokenWithAGracePeriodOfThirtyMinutes(t *testing.T) {
	a := start(t, simxero.Demo())
	first := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	second := a.renew(first.text("refresh_token"))
	if second.status != 200 || second.text("refresh_token") == first.text("refresh_token") {
		t.Fatalf("%d, the same token again", second.status)
	}
	same(t, "listed by the new token", a.names(second), []string{"Calder Street Vets"})
	a.clock.Advance(30 * time.Minute)
	again := a.renew(first.text("refresh_token"))
	same(t, "the old token in the grace period", again.status, 200)
	same(t, "the token of the first use", a.renew(second.text("refresh_token")).status, 200)
	a.clock.Advance(time.Second)
	late := a.renew(first.text("refresh_token"))
	same(t, "the old token after the grace period", []any{late.status, late.fields}, []any{400, map[string]any{
		"error": "invalid_grant", "error_description": "Refresh token has been consumed",
	}})
	same(t, "the newest token", a.renew(again.text("refresh_token")).status, 200)
}

func TestAnUnusedRefreshTokenExpiresAfterSixtyDays(t *testing.T) {
	for wait, status := range map[time.Duration]int{60 * 24 * time.Hour: 200, 60*24*time.Hour + time.Second: 400} {
		a := start(t, simxero.Demo())
		token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
		a.clock.Advance(wait)
		r := a.renew(token.text("refresh_token"))
		same(t, wait.String(), r.status, status)
		if status == 400 {
			same(t, "error", r.fields, map[string]any{"error": "invalid_grant"})
		}
	}
}

func TestARefreshTokenIsUnknownToAnotherClient(t *testing.T) {
	w := simxero.Demo()
	w.Clients = append(w.Clients, simxero.Client{ID: "0123456789ABCDEF0123456789ABCDEF", Name: "Another"})
	a := start(t, w)
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	r := a.post("/connect/token", url.Values{
		"grant_type": {"refresh_token"}, "client_id": {w.Clients[1].ID}, "refresh_token": {token.text("refresh_token")},
	})
	same(t, "error", r.text("error"), "invalid_grant")
	same(t, "unknown", a.renew("nothing").text("error"), "invalid_grant")
	same(t, "the right client", a.renew(token.text("refresh_token")).status, 200)
}

func TestALostAnswerHasRotatedTheRefreshToken(t *testing.T) {
	a := start(t, simxero.Demo())
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	a.server.Fail(simxero.Renewal, simxero.LostAnswer().Once())
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {simxero.DemoClientID}, "refresh_token": {token.text("refresh_token")}}
	if _, err := a.try("/connect/token", form); err == nil {
		t.Fatal("the client got an answer")
	}
	a.clock.Advance(29 * time.Minute)
	same(t, "again within the grace period", a.renew(token.text("refresh_token")).status, 200)
	a.clock.Advance(2 * time.Minute)
	same(t, "again after the grace period", a.renew(token.text("refresh_token")).text("error_description"), "Refresh token has been consumed")
	var kinds []simxero.EventKind
	for _, e := range a.server.Events() {
		kinds = append(kinds, e.Kind)
	}
	want := []simxero.EventKind{simxero.Renewed, simxero.RenewedAgain, simxero.RenewalRefused}
	same(t, "events", slices.DeleteFunc(kinds, func(k simxero.EventKind) bool { return !slices.Contains(want, k) }), want)
}

func TestRevocationAnswers200AndRemovesEveryConnection(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	a.signIn(v, "Jo Whitmore", "Calder Street Vets")
	token := a.signIn(v, "Jo Whitmore", "Fjord Analytics Ltd")
	sam := a.signIn(a.server.Visitor(), "Sam Adeyemi", "Abernathy & Sons Builders")
	r := a.post("/connect/revocation", url.Values{"client_id": {simxero.DemoClientID}, "token": {token.text("refresh_token")}})
	same(t, "answer", []any{r.status, r.body}, []any{200, ""})
	same(t, "renewal", a.renew(token.text("refresh_token")).text("error"), "invalid_grant")
	same(t, "connections", a.call(http.MethodGet, "/connections", token).status, 401)
	same(t, "the other user", a.names(sam), []string{"Abernathy & Sons Builders"})
	same(t, "after a new sign-in", a.names(a.signIn(v, "Jo Whitmore", "Granary Bakehouse")), []string{"Granary Bakehouse"})
	same(t, "an unknown token", a.post("/connect/revocation", url.Values{"token": {"nothing"}}).status, 200)
}

func TestTwoConcurrentRenewalsOfASignInAreRecorded(t *testing.T) {
	a := start(t, simxero.Demo())
	jo := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets").text("refresh_token")
	sam := a.signIn(a.server.Visitor(), "Sam Adeyemi", "Dunes Surf School").text("refresh_token")
	held := a.server.Fail(simxero.Renewal, simxero.Stalled())
	var renewals sync.WaitGroup
	for i, token := range []string{jo, sam, jo} {
		renewals.Go(func() { a.renew(token) })
		if err := held.Await(t.Context(), i+1); err != nil {
			t.Fatal(err)
		}
	}
	held.Stop()
	renewals.Wait()
	a.renew(jo)
	var twice []string
	for _, e := range a.server.Events() {
		if e.Kind == simxero.RenewedTwiceAtOnce {
			twice = append(twice, e.Person)
		}
	}
	same(t, "twice", twice, []string{a.server.World().Person("Jo Whitmore").ID})
}

func TestTheGracePeriodCanBeShortened(t *testing.T) {
	a := start(t, simxero.Demo())
	a.server.Switch(func(s *simxero.Switches) { s.Grace = 3 * time.Second })
	first := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets").text("refresh_token")
	a.renew(first)
	a.clock.Advance(3 * time.Second)
	same(t, "in the grace period", a.renew(first).status, 200)
	a.clock.Advance(time.Second)
	same(t, "after the grace period", a.renew(first).status, 400)
}

func TestEachRequestCanDrawADifferentFault(t *testing.T) {
	a := start(t, simxero.Demo())
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets").text("refresh_token")
	drawn := 0
	a.server.FailAtRandom(simxero.Renewal, func() simxero.Fault {
		if drawn++; drawn%2 == 0 {
			return simxero.StatusFault(503)
		}
		return simxero.Fault{}
	})
	for _, want := range []int{200, 503, 200} {
		same(t, "status", a.renew(token).status, want)
	}
}
