package stress_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/simxero"
)

const (
	shortest, longest = 256, 4000 // characters of a refresh token
)

// tokenLengths signs in with tokens of 256 to 4,000 characters on each system, and renews
// with tokens longer by up to an eighth, with kills during the renewals.
func tokenLengths(t *testing.T, size int) string {
	summary := ""
	for _, system := range []string{"linux", "windows", "darwin"} {
		t.Run(system, func(t *testing.T) {
			l := &lengthsRun{system: system}
			l.run(t, size)
			tooLong := system != "linux" && size > 1 // the longest token
			if l.lost+l.unsaved > 0 || l.kept == 0 || (l.refused > 0) != tooLong {
				t.Error("the length of a token cost a sign-in")
			}
			summary += l.String() + "; "
		})
	}
	return summary
}

// lengthsRun counts the results of sign-ins.
type lengthsRun struct {
	system string

	kept    int // sign-ins, and the longest token of one
	longest int
	refused int // sign-ins refused for the length, and the shortest token of one
	least   int
	held    int // renewals not begun for the length
	kills   int
	lost    int // ended
	unsaved int // renewed and not saved
}

func (l *lengthsRun) String() string {
	return fmt.Sprintf("%s: %d sign-ins (up to %d characters), %d refused before the save (from %d), %d renewals held back, %d kills, %d lost, %d unsaved",
		l.system, l.kept, l.longest, l.refused, l.least, l.held, l.kills, l.lost, l.unsaved)
}

func (l *lengthsRun) run(t *testing.T, size int) {
	s := newScene(t, 1, simxero.Switches{}, nil)
	folder := s.folder()
	start := func() *copyProcess {
		c := s.start(options{Folder: folder, Ports: s.ports, System: l.system})
		c.ready()
		c.do(command{Do: "start"})
		return c
	}
	c, browser := start(), s.xero.Visitor()
	has := shortest // the length of the sign-in's token
	for i := range size {
		n := shortest + (longest-shortest)*i/max(1, size-1)
		s.give(n)
		link := c.do(command{Do: "connect"}).Link
		address, err := browser.Continue(s.t.Context(), link, s.xero.World().People[0].Name())
		must(t, err)
		_, err = browser.Open(t.Context(), address)
		must(t, err)
		switch r := c.do(command{Do: "connected"}); r.Failed {
		case "":
			l.kept, l.longest, has = l.kept+1, max(l.longest, n), n
		case string(backend.KeychainTooBig):
			if l.refused++; l.least == 0 || n < l.least {
				l.least = n
			}
			c.kill() // the grant waits for this session; the earlier sign-in must live
			s.give(has)
			c = start()
		default:
			t.Fatal(r.Failed)
		}
		for range 2 {
			n = min(has+rand.IntN(has/8+1), longest)
			s.give(n)
			s.clock.Advance(time.Hour)
			if rand.IntN(2) == 0 {
				c.send(command{Do: "check", Ahead: accessLife})
				<-time.After(time.Duration(rand.Int64N(int64(40 * time.Millisecond))))
				c.kill()
				l.kills++
				c = start()
			}
			if l.count(c.do(command{Do: "check", Ahead: accessLife})) {
				has = n
			}
		}
		if l.lost+l.unsaved > 0 {
			t.Logf("%d characters, now %d", has, n)
			return
		}
	}
}

// give sets the length of Xero's next refresh tokens.
func (s *scene) give(n int) { s.xero.Switch(func(w *simxero.Switches) { w.RefreshLength = n }) }

// count counts the result of a check. Renewed reports a renewal.
func (l *lengthsRun) count(r report) (renewed bool) {
	if r.Unsaved {
		l.unsaved++
	}
	for name, status := range r.Status {
		switch {
		case status == backend.SignInAgain:
			l.lost++
		case r.Trouble[name] == backend.KeychainTooBig:
			l.held++
		case status != backend.Connected:
			l.unsaved++
		}
	}
	return r.except(backend.Connected) == 0
}
