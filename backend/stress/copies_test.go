package stress_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// mischief is a change of the keyring by a restore, a second database or another program.
type mischief string

const (
	olderFirst    mischief = "an older copy that searches return first"
	olderBackup   mischief = "older copies in a second collection"
	movedAway     mischief = "the newest copy in a second collection, an older copy in place"
	damagedBeside mischief = "damaged and foreign copies"
	restored      mischief = "an older keyring restored while the program runs"
)

// keychainCopies makes mischief between renewals. Each older token is consumed, and the
// grace period is over. A kill during a renewal follows every second mischief, except
// after a restore: the memory of the program has the only newest token.
func keychainCopies(t *testing.T, size int) string {
	var all copiesRun
	for _, what := range []mischief{olderFirst, olderBackup, movedAway, damagedBeside, restored} {
		t.Run(string(what), func(t *testing.T) {
			k := &copiesRun{}
			k.run(t, what, size)
			all.rounds, all.kills = all.rounds+k.rounds, all.kills+k.kills
			all.lost, all.refused = all.lost+k.lost, all.refused+k.refused
		})
	}
	if all.lost+all.refused > 0 {
		t.Error("a copy in the keychain cost a sign-in, or an older token was presented")
	}
	return fmt.Sprintf("%d rounds, %d kills: %d lost, %d older tokens presented", all.rounds, all.kills, all.lost, all.refused)
}

// copiesRun counts the results of rounds.
type copiesRun struct {
	rounds, kills int
	lost          int // not connected at the end of the round
	refused       int // a refused presentation
}

func (k *copiesRun) run(t *testing.T, what mischief, size int) {
	s := newScene(t, 2, simxero.Switches{}, nil)
	folder := s.folder()
	start := func() *copyProcess {
		c := s.start(options{Folder: folder})
		c.ready()
		c.do(command{Do: "start"})
		return c
	}
	c := start()
	for range size {
		older := s.texts()
		s.clock.Advance(time.Hour)
		c.do(command{Do: "check", Ahead: accessLife})
		s.clock.Advance(time.Hour)
		if what != restored && rand.IntN(2) == 0 { // the program closed during the mischief
			c.kill()
			s.mischief(what, older)
			c = start()
		} else {
			s.mischief(what, older)
		}
		if what != restored && rand.IntN(2) == 0 {
			c.send(command{Do: "check", Ahead: accessLife})
			<-time.After(time.Duration(rand.Int64N(int64(40 * time.Millisecond))))
			c.kill()
			k.kills++
			c = start()
		}
		r := c.do(command{Do: "check", Ahead: accessLife})
		k.rounds++
		k.lost += r.except(backend.Connected)
		k.refused += s.events()[simxero.RenewalRefused]
		if k.lost+k.refused > 0 {
			t.Logf("%s, round %d: %+v", what, k.rounds, r)
			return
		}
		s.ring.DropCopies() // the damaged copies
	}
}

// texts returns the item of each user, by account.
func (s *scene) texts() map[string]string {
	texts := map[string]string{}
	for _, user := range s.xero.World().People {
		account := rig.Key(s.xero, user).String()
		texts[account] = s.ring.Item(account)
	}
	return texts
}

// mischief changes the keyring; older are earlier items.
func (s *scene) mischief(what mischief, older map[string]string) {
	for account, text := range older {
		newest := s.ring.Item(account)
		switch what {
		case olderFirst:
			s.ring.PutCopy("login", account, text, false)
		case olderBackup:
			s.ring.PutCopy("backup", account, text, false)
			s.ring.PutCopy("other", account, text, false)
		case movedAway:
			s.ring.PutCopy("backup", account, newest, false)
			s.ring.Put(account, text)
		case damagedBeside:
			s.ring.PutCopy("login", account, newest[:len(newest)/2], false)
			s.ring.PutCopy("login", account, "the password of another program", false)
			s.ring.PutCopy("backup", account, newest[1:], false)
		case restored:
			s.ring.Put(account, text)
		}
	}
}
