package stress_test

import (
	"fmt"
	"testing"

	"bookring/backend"
	"bookring/backend/simxero"
)

// concurrentStarts starts two or five copies at once. Among copies with a shared
// data folder, only one may stay. Copies with data folders of their own all stay,
// and each copy must renew for itself.
func concurrentStarts(t *testing.T, size int) string {
	const users = 3
	s := newScene(t, users, simxero.Switches{}, nil)
	requests, tooMany, twoStayed, unconnected := 0, 0, 0, 0
	folders := make([]string, 5)
	for i := range folders {
		folders[i] = s.folder()
	}
	for round := range size {
		copies := make([]*copyProcess, []int{2, 5}[round%2])
		shared := round/2%2 == 0
		for i := range copies {
			folder := folders[0]
			if !shared {
				folder = folders[i]
			}
			copies[i] = s.start(options{Folder: folder, LocksFolder: true})
		}
		var stayed []*copyProcess
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
				c.send(what)
			}
			for _, c := range stayed {
				unconnected += c.answer().except(backend.Connected)
			}
			n := len(s.xero.Requests(simxero.Renewal)) - before
			requests += n
			expired := what.Do == "start" || what.Ahead > 0
			if n > users*len(stayed) || n > 0 && !expired {
				tooMany++
			}
		}
		for _, c := range copies {
			c.kill()
		}
	}
	concurrent := s.events()[simxero.RenewedTwiceAtOnce]
	if tooMany+twoStayed+concurrent+unconnected > 0 {
		t.Error("a renewal was needless or concurrent, or a folder admitted two copies")
	}
	return fmt.Sprintf("%d rounds, %d token requests: %d expiries with more than one per copy and sign-in, "+
		"%d rounds with two in one folder, %d presented concurrently, %d not connected", size, requests, tooMany, twoStayed, concurrent, unconnected)
}
