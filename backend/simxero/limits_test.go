package simxero_test

import (
	"net/http"
	"testing"
	"time"

	"bookring/backend/simxero"
)

func limited(t *testing.T) (a *app, token reply, id string) {
	t.Helper()
	a = start(t, simxero.Demo(), func(o *simxero.Options) { o.World.Clients[0].DayLimit = 100 })
	token = a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	return a, token, a.connections(token)[0].TenantID
}

func TestTheMinuteLimitIsSixtyCallsPerOrganisation(t *testing.T) {
	a, token, id := limited(t)
	for i := range 60 {
		r := a.details(token, id)
		if r.status != 200 {
			t.Fatalf("call %d: %d", i+1, r.status)
		}
		a.clock.Advance(time.Second / 2)
	}
	r := a.details(token, id)
	same(t, "call 61", []string{r.header.Get("Retry-After"), r.header.Get("X-Rate-Limit-Problem"), r.header.Get("X-MinLimit-Remaining")}, []string{"30", "minute", "0"})
	same(t, "status", r.status, 429)
	a.clock.Advance(30 * time.Second)
	r = a.details(token, id)
	same(t, "in the next minute", []any{r.status, r.header.Get("X-MinLimit-Remaining"), r.header.Get("X-DayLimit-Remaining"), r.header.Get("X-AppMinLimit-Remaining")},
		[]any{200, "59", "39", "9999"})
}

func TestTheDayLimitRefusesFurtherCalls(t *testing.T) {
	a, token, id := limited(t)
	for range 100 {
		a.clock.Advance(2 * time.Second)
		same(t, "status", a.details(token, id).status, 200)
	}
	r := a.details(token, id)
	same(t, "call 101", []any{r.status, r.header.Get("X-Rate-Limit-Problem"), r.header.Get("Retry-After")}, []any{429, "day", "86202"})
}

func TestConnectionsReportsOnlyTheAppsLimit(t *testing.T) {
	a, token, _ := limited(t)
	header := a.call(http.MethodGet, "/connections", token).header
	same(t, "headers", []string{header.Get("X-AppMinLimit-Remaining"), header.Get("X-MinLimit-Remaining"), header.Get("X-DayLimit-Remaining")}, []string{"9998", "", ""})
}

func TestASixthConcurrentCallIsRefused(t *testing.T) {
	a, token, id := limited(t)
	held := a.server.Fail(simxero.Details, simxero.Fault{Hold: true, Times: 5})
	answers := make(chan int)
	header := map[string]string{"Authorization": "Bearer " + token.text("access_token"), "Xero-Tenant-Id": id}
	for range 5 {
		go func() {
			r, _ := a.do(http.MethodGet, a.server.APIBase()+"/api.xro/2.0/Organisation", nil, header)
			answers <- r.status // 0 for a call without an answer
		}()
	}
	if err := held.Await(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	r := a.details(token, id)
	same(t, "the sixth", []any{r.status, r.header.Get("X-Rate-Limit-Problem")}, []any{429, "concurrent"})
	held.Release()
	for range 5 {
		same(t, "a call of the five", <-answers, 200)
	}
	same(t, "afterwards", a.details(token, id).status, 200)
}

// The limit used to be counted for each access token.
func TestFiveCallsAtOnceAreCountedPerAppAndOrganisation(t *testing.T) {
	a, first, id := limited(t)
	second := a.signIn(a.server.Visitor(), "Jo Whitmore", "Fjord Analytics Ltd")
	held := a.server.Fail(simxero.Details, simxero.Fault{Hold: true, Times: 5})
	answers := make(chan int)
	for i := range 5 {
		token := []reply{first, second}[i%2]
		header := map[string]string{"Authorization": "Bearer " + token.text("access_token"), "Xero-Tenant-Id": id}
		go func() {
			r, _ := a.do(http.MethodGet, a.server.APIBase()+"/api.xro/2.0/Organisation", nil, header)
			answers <- r.status // 0 for a call without an answer
		}()
	}
	if err := held.Await(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	for _, token := range []reply{first, second} {
		r := a.details(token, id)
		same(t, "the sixth", []any{r.status, r.header.Get("X-Rate-Limit-Problem")}, []any{429, "concurrent"})
	}
	for _, c := range a.connections(first) {
		if c.TenantID != id {
			same(t, "another organisation", a.details(second, c.TenantID).status, 200)
		}
	}
	held.Release()
	for range 5 {
		same(t, "a call of the five", <-answers, 200)
	}
}

func TestTheEdgeRefusesFrequentDiscovery(t *testing.T) {
	a := start(t, simxero.Demo(), func(o *simxero.Options) { o.Switches.DiscoveryPerMinute = 2 })
	for _, status := range []int{200, 200, 403, 403} {
		r := a.must(http.MethodGet, a.server.Discovery(), nil, nil)
		same(t, "status", r.status, status)
		if status == 403 {
			same(t, "content type", r.header.Get("Content-Type"), "text/html")
		}
	}
	a.clock.Advance(time.Minute)
	same(t, "a minute later", a.must(http.MethodGet, a.server.Discovery(), nil, nil).status, 200)
}
