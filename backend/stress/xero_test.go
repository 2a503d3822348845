package stress_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend"
	"bookring/backend/simxero"
)

// illness is a way in which Xero, or what lies before it, goes wrong.
type illness struct {
	name string
	draw func() simxero.Fault
}

// flicker is how long a refusal that was wrong is followed by right answers.
const flicker = 3 * time.Second

// limited is how long the rate limits here last.
const limited = 90 * time.Second

func illnesses() []illness {
	always := func(f simxero.Fault) func() simxero.Fault { return func() simxero.Fault { return f } }
	var refused time.Time
	return []illness{
		{"500", always(simxero.StatusFault(500))},
		{"502", always(simxero.EdgePage(502))},
		{"503", always(simxero.StatusFault(503))},
		{"504, and it is done", always(simxero.Fault{Rewrite: func([]byte) []byte { return nil }, Late: time.Second, Lose: simxero.AnswerLost})},
		{"429 with seconds", always(simxero.RateLimited("appminute", fmt.Sprint(limited.Seconds())))},
		{"429 with a date", func() simxero.Fault {
			return simxero.RateLimited("appminute", time.Now().Add(limited).UTC().Format(http.TimeFormat))
		}},
		{"reset before the answer", always(simxero.LostAnswer())},
		{"reset in the answer", always(simxero.Fault{Lose: simxero.InTheBody})},
		{"reset after the answer", always(simxero.Fault{Lose: simxero.AtTheEnd})},
		{"half a body", always(simxero.HalfBody())},
		{"HTML", always(simxero.CaptivePortal(200))},
		{"no answer", always(simxero.Stalled())},
		{"an answer after the time-out", always(simxero.Fault{Late: time.Minute})},
		{"a refusal that flickers", func() simxero.Fault {
			if time.Since(refused) < flicker {
				return simxero.Fault{}
			}
			refused = time.Now()
			return simxero.OAuthFault("invalid_grant", "")
		}},
	}
}

// xeroFaults lets each illness come over Xero so often, for up to the grace. It
// must be over by itself within an hour of Xero's being well again.
func xeroFaults(t *testing.T, size int) string {
	var all ill
	t.Run("kinds", func(t *testing.T) {
		for _, what := range illnesses() {
			t.Run(what.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { all.add(comeOver(t, what, size)) })
			})
		}
	})
	if all.lost+all.ended+all.stayed+all.hurried > 0 {
		t.Error("trouble of Xero's passes")
	}
	return fmt.Sprintf("%d outages, %d requests met them: %d lost, %d falsely ended, %d not well again within the hour, %d times asked too soon",
		all.outages, all.met, all.lost, all.ended, all.stayed, all.hurried)
}

// ill is what came of outages.
type ill struct {
	mu                           sync.Mutex
	outages, met                 int
	lost, ended, stayed, hurried int
}

func (i *ill) add(j *ill) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.outages, i.met, i.hurried = i.outages+j.outages, i.met+j.met, i.hurried+j.hurried
	i.lost, i.ended, i.stayed = i.lost+j.lost, i.ended+j.ended, i.stayed+j.stayed
}

// longestOutage is a little less than the grace: the last token that was
// presented in it must be presented once more after it.
const longestOutage = 25 * time.Minute

func comeOver(t *testing.T, what illness, size int) *ill {
	random := rand.New(rand.NewPCG(1, uint64(size)))
	i := &ill{}
	o := openOffice(t, firm(1, 1))
	for range size {
		time.Sleep(accessLife)
		began := len(o.xero.Requests())
		endpoint := []simxero.Endpoint{simxero.Renewal, simxero.Renewal, simxero.Connections}[random.IntN(3)]
		fault := o.xero.FailAtRandom(endpoint, what.draw)
		o.CheckNow()
		nervous := random.IntN(2) == 0 // somebody who does not know that it is no use
		for outage := time.Duration(random.Int64N(int64(longestOutage))); outage > 0; outage -= 5 * time.Minute {
			time.Sleep(min(outage, 5*time.Minute))
			if nervous {
				o.CheckNow()
			}
		}
		i.ended += o.statuses()[backend.SignInAgain]
		fault.Stop()
		time.Sleep(time.Hour + limited)
		synctest.Wait()
		now := o.statuses()
		i.outages++
		i.met += fault.Met()
		i.lost += now[backend.SignInAgain]
		i.stayed += now[backend.NotChecked]
		i.hurried += tooSoon(t, o.xero.Requests()[began:])
		if now[backend.Connected] != 1 {
			t.Logf("after %d outages: %v", i.outages, now)
			return i
		}
	}
	return i
}

// tooSoon counts requests that should have waited: for the end of a limit, or,
// where a renewal was not answered, a second and then two. Three reasons to renew
// may meet by chance (the last try of one, a person, the look of every minute),
// so it takes four requests to be a hurry.
func tooSoon(t *testing.T, requests []simxero.Request) (n int) {
	hurry := func(r simxero.Request, than time.Time) {
		t.Helper()
		t.Logf("%s at %v, and %v would have been early enough", r.Endpoint, r.At, than)
		n++
	}
	var limit time.Time
	var third, second, last simxero.Request // the renewals before
	for _, r := range requests {
		if r.Endpoint != simxero.Renewal && r.Endpoint != simxero.Connections {
			continue
		}
		if r.At.Before(limit) {
			hurry(r, limit)
		}
		if r.Status == http.StatusTooManyRequests {
			limit = r.At.Add(limited)
		}
		token := r.Form.Get("refresh_token")
		again := token != "" && last.Form.Get("refresh_token") == token &&
			second.Form.Get("refresh_token") == token && third.Form.Get("refresh_token") == token
		if pause := third.At.Add(2 * time.Second); again && r.At.Before(pause) {
			hurry(r, pause)
		}
		third, second, last = second, last, r
	}
	return n
}
