package stress_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// otherAnswers lets Xero answer renewals with tokens of other users: of users with a sign-in,
// of a user without one, with and without tokens that name the user. Each outage is shorter
// than the grace period, and the program restarts during some of them. Every sign-in must be
// connected afterwards, and hold a token of its own user.
func otherAnswers(t *testing.T, size int) string {
	var o outages
	foreign := 0
	synctest.Test(t, func(t *testing.T) { foreign = o.answerOthers(t, size) })
	if o.lost+o.stuck+foreign > 0 {
		t.Error("an answer for another person cost a sign-in")
	}
	return fmt.Sprintf("%d outages, %d answers for another person: %d lost, %d not recovered within the hour, %d keys of another person",
		o.count, o.met, o.lost, o.stuck, foreign)
}

func (o *outages) answerOthers(t *testing.T, size int) (foreign int) {
	const signedIn = 3
	random := rand.New(rand.NewPCG(2, uint64(size)))
	s := simulate(t, world(signedIn, signedIn))
	stranger := simxero.Person{ID: "00000000-0000-4000-8000-999999999999", GivenName: "Stranger", Email: "s@elsewhere.example"}
	s.xero.Change(func(w *simxero.World) { w.People = append(w.People, stranger) })
	for range size {
		people := s.xero.World().People
		time.Sleep(accessLife)
		fault := s.xero.FailAtRandom(simxero.Renewal, func() simxero.Fault {
			if random.IntN(4) == 0 {
				return simxero.Fault{}
			}
			return s.xero.AnswerFor(people[random.IntN(len(people))].ID, simxero.DemoClientID, oauth.Scopes...)
		})
		s.CheckNow()
		restart := random.IntN(4) == 0
		for outage := time.Duration(random.Int64N(int64(longestOutage))); outage > 0; outage -= 5 * time.Minute {
			time.Sleep(min(outage, 5*time.Minute))
			if restart {
				s.close()
				s.open()
				s.start()
				restart = false
			}
		}
		fault.Stop()
		time.Sleep(time.Hour)
		synctest.Wait()
		now := s.statuses()
		o.count++
		o.met += fault.Met()
		o.lost += now[backend.SignInAgain] + now[backend.Removed]
		o.stuck += now[backend.NotChecked]
		foreign += s.foreignKeys(people)
		if o.lost+o.stuck+foreign > 0 {
			t.Logf("after %d outages: %v", o.count, now)
			return foreign
		}
	}
	return foreign
}

// foreignKeys counts the credentials whose refresh token Xero issued to another user.
func (s *simulation) foreignKeys(people []simxero.Person) (n int) {
	s.t.Helper()
	for _, user := range people {
		c, err := s.keychain.Load(context.Background(), rig.Key(s.xero, user))
		if err == nil && s.xero.Owner(c.Refresh.Reveal()) != user.ID {
			n++
		}
	}
	return n
}
