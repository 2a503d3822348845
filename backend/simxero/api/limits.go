package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

// Xero's limits. The first two apply to each organisation, the last to the whole app.
const (
	perMinute    = 60
	atOnce       = 5
	appPerMinute = 10_000
)

// limitApp counts a call by an app. The header belongs into every answer of the API.
func (a *API) limitApp(client string) (http.Header, *answer.Answer) {
	app := a.state.Count("app "+client, time.Minute, appPerMinute)
	header := http.Header{}
	header.Set("X-AppMinLimit-Remaining", strconv.Itoa(app.Left))
	if !app.Allowed {
		return header, a.tooMany("appminute", app, header)
	}
	return header, nil
}

// limitOrganisation counts a call by an app for an organisation.
func (a *API) limitOrganisation(client *world.Client, organisation string) (http.Header, *answer.Answer) {
	header, refusal := a.limitApp(client.ID)
	if refusal != nil {
		return header, refusal
	}
	key := client.ID + " " + organisation
	minute := a.state.Count("minute "+key, time.Minute, perMinute)
	header.Set("X-MinLimit-Remaining", strconv.Itoa(minute.Left))
	if !minute.Allowed {
		return header, a.tooMany("minute", minute, header)
	}
	day := a.state.Count("day "+key, 24*time.Hour, client.DayLimit)
	header.Set("X-DayLimit-Remaining", strconv.Itoa(day.Left))
	if !day.Allowed {
		return header, a.tooMany("day", day, header)
	}
	return header, nil
}

func (a *API) tooMany(problem string, limit world.Allowance, header http.Header) *answer.Answer {
	refusal := a.refuse(http.StatusTooManyRequests, "TooManyRequests", header)
	refusal.Header.Set("X-Rate-Limit-Problem", problem)
	if limit.Resets > 0 {
		refusal.Header.Set("Retry-After", strconv.FormatInt(int64((limit.Resets+time.Second-1)/time.Second), 10))
	}
	return refusal
}

// Begin counts a call in progress and refuses the sixth call of an app for an organisation, through one sign-in or
// several. The caller calls end at the end of the call, refused or not.
func (a *API) Begin(r *http.Request) (end func(), refusal *answer.Answer) {
	c, _ := a.issuer.Bearer(r) // a call without a valid token is refused later
	key := c.Client + " " + strings.ToLower(r.Header.Get("Xero-Tenant-Id"))
	a.running[key]++
	if a.running[key] > atOnce {
		refusal = a.tooMany("concurrent", world.Allowance{}, nil)
	}
	return func() {
		if a.running[key]--; a.running[key] == 0 {
			delete(a.running, key)
		}
	}, refusal
}
