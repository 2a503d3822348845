package stress_test

import (
	"fmt"
	"testing"

	"bookring/backend"
	"bookring/backend/simxero"
)

// startedTogether starts two and five copies at the same moment: those that
// share a data folder, of which one may stay, and those of a user who has given
// each its own, where each must renew for itself.
func startedTogether(t *testing.T, size int) string {
	const people = 3
	s := newScene(t, people, simxero.Switches{}, nil)
	requests, tooMany, twoStayed, unwell := 0, 0, 0, 0
	folders := make([]string, 5)
	for i := range folders {
		folders[i] = s.folder()
	}
	for round := range size {
		copies := make([]*copyOf, []int{2, 5}[round%2])
		shared := round/2%2 == 0
		for i := range copies {
			folder := folders[0]
			if !shared {
				folder = folders[i]
			}
			copies[i] = s.start(orders{Folder: folder, Alone: true})
		}
		var stayed []*copyOf
		for _, c := range copies {
			switch r := c.ready(); r.Failed {
			case "":
				stayed = append(stayed, c)
			case string(backend.AlreadyRunning):
			default:
				t.Error(r.Failed)
			}
		}
		if shared && len(stayed) != 1 {
			twoStayed++
		}
		for _, what := range []command{{Do: "start"}, {Do: "check"}, {Do: "check", Ahead: accessLife}, {Do: "check"}} {
			before := len(s.xero.Requests(simxero.Renewal))
			for _, c := range stayed {
				c.tell(what)
			}
			for _, c := range stayed {
				unwell += c.answer().not(backend.Connected)
			}
			n := len(s.xero.Requests(simxero.Renewal)) - before
			requests += n
			expired := what.Do == "start" || what.Ahead > 0
			if n > people*len(stayed) || n > 0 && !expired {
				tooMany++
			}
		}
		for _, c := range copies {
			c.kill()
		}
	}
	twice := s.events()[simxero.RenewedTwiceAtOnce]
	if tooMany+twoStayed+twice+unwell > 0 {
		t.Error("one renews, and nobody needlessly")
	}
	return fmt.Sprintf("%d rounds, %d token requests: %d expiries with more than one for a copy and sign-in, "+
		"%d rounds with two in one folder, %d presented twice at once, %d not connected", size, requests, tooMany, twoStayed, twice, unwell)
}
