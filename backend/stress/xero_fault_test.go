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

// xeroFault is a fault of Xero, or of the network before Xero.
type xeroFault struct {
	name string
	draw func() simxero.Fault
}

const (
	flicker   = 3 * time.Second  // the pause after a false refusal
	rateLimit = 90 * time.Second // the length of a rate limit
)

func xeroFaultKinds() []xeroFault {
	always := func(f simxero.Fault) func() simxero.Fault { return func() simxero.Fault { return f } }
	var refused time.Time
	return []xeroFault{
		{"500", always(simxero.StatusFault(500))},
		{"502", always(simxero.EdgePage(502))},
		{"503", always(simxero.StatusFault(503))},
		{"504 after a renewal", always(simxero.Fault{Rewrite: func([]byte) []byte { return nil }, Late: time.Second, Lose: simxero.AnswerLost})},
		{"429 with seconds", always(simxero.RateLimited("appminute", fmt.Sprint(rateLimit.Seconds())))},
		{"429 with a date", func() simxero.Fault {
			return simxero.RateLimited("appminute", time.Now().Add(rateLimit).UTC().Format(http.TimeFormat))
		}},
		{"reset before the answer", always(simxero.LostAnswer())},
		{"reset in the answer", always(simxero.Fault{Lose: simxero.InTheBody})},
		{"reset after the answer", always(simxero.Fault{Lose: simxero.AtTheEnd})},
		{"half a body", always(simxero.HalfBody())},
		{"HTML", always(simxero.CaptivePortal(200))},
		{"no answer", always(simxero.Stalled())},
		{"an answer after the timeout", always(simxero.Fault{Late: time.Minute})},
		{"a false refusal", func() simxero.Fault {
			if time.Since(refused) < flicker {
				return simxero.Fault{}
			}
			refused = time.Now()
			return simxero.OAuthFault("invalid_grant", "")
		}},
	}
}

// xeroFaults causes outages of each kind, shorter than the grace period. Every
// sign-in must recover within an hour after an outage.
func xeroFaults(t *testing.T, size int) string {
	var all outages
	t.Run("kinds", func(t *testing.T) {
		for _, fault := range xeroFaultKinds() {
			t.Run(fault.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { all.add(causeOutages(t, fault, size)) })
			})
		}
	})
	if all.lost+all.ended+all.stuck+all.tooEarly > 0 {
		t.Error("an outage cost a sign-in, or the program asked too early")
	}
	return fmt.Sprintf("%d outages, %d requests with a fault: %d lost, %d falsely ended, %d not recovered within the hour, %d requests too early",
		all.count, all.met, all.lost, all.ended, all.stuck, all.tooEarly)
}

// outages counts the results of outages.
type outages struct {
	mu                           sync.Mutex
	count, met                   int
	lost, ended, stuck, tooEarly int
}

func (o *outages) add(p *outages) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.count, o.met, o.tooEarly = o.count+p.count, o.met+p.met, o.tooEarly+p.tooEarly
	o.lost, o.ended, o.stuck = o.lost+p.lost, o.ended+p.ended, o.stuck+p.stuck
}

// longestOutage is a little shorter than the grace period. A token presented during
// the outage must be presented again within the grace period.
const longestOutage = 25 * time.Minute

func causeOutages(t *testing.T, kind xeroFault, size int) *outages {
	random := rand.New(rand.NewPCG(1, uint64(size)))
	o := &outages{}
	s := simulate(t, world(1, 1))
	for range size {
		time.Sleep(accessLife)
		before := len(s.xero.Requests())
		endpoint := []simxero.Endpoint{simxero.Renewal, simxero.Renewal, simxero.Connections}[random.IntN(3)]
		fault := s.xero.FailAtRandom(endpoint, kind.draw)
		s.CheckNow()
		impatient := random.IntN(2) == 0 // the user presses Check now every five minutes
		for outage := time.Duration(random.Int64N(int64(longestOutage))); outage > 0; outage -= 5 * time.Minute {
			time.Sleep(min(outage, 5*time.Minute))
			if impatient {
				s.CheckNow()
			}
		}
		o.ended += s.statuses()[backend.SignInAgain]
		fault.Stop()
		time.Sleep(time.Hour + rateLimit)
		synctest.Wait()
		now := s.statuses()
		o.count++
		o.met += fault.Met()
		o.lost += now[backend.SignInAgain]
		o.stuck += now[backend.NotChecked]
		o.tooEarly += tooEarly(t, s.xero.Requests()[before:])
		if now[backend.Connected] != 1 {
			t.Logf("after %d outages: %v", o.count, now)
			return o
		}
	}
	return o
}

// tooEarly returns the number of requests before the end of a rate limit, or within
// two seconds after three renewals without an answer. Three renewals can coincide by
// chance: the retry, Check now, and the search for due work every minute.
func tooEarly(t *testing.T, requests []simxero.Request) (n int) {
	early := func(r simxero.Request, earliest time.Time) {
		t.Helper()
		t.Logf("%s at %v, before %v", r.Endpoint, r.At, earliest)
		n++
	}
	var limit time.Time
	var third, second, last simxero.Request // the preceding renewals
	for _, r := range requests {
		if r.Endpoint != simxero.Renewal && r.Endpoint != simxero.Connections {
			continue
		}
		if r.At.Before(limit) {
			early(r, limit)
		}
		if r.Status == http.StatusTooManyRequests {
			limit = r.At.Add(rateLimit)
		}
		token := r.Form.Get("refresh_token")
		again := token != "" && last.Form.Get("refresh_token") == token &&
			second.Form.Get("refresh_token") == token && third.Form.Get("refresh_token") == token
		if earliest := third.At.Add(2 * time.Second); again && r.At.Before(earliest) {
			early(r, earliest)
		}
		third, second, last = second, last, r
	}
	return n
}
