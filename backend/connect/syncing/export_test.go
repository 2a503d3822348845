package syncing

import (
	"time"

	"bookring/backend"
)

// Turns are the turns of sign-ins. Ask gets the index of a sign-in.
type Turns struct {
	GoOnAfter time.Duration
	Prompting func() bool
	Before    func(i int)
}

// Take returns the number of begun turns.
func (t Turns) Take(signIns int, ask func(i int) error) (begun int, err error) {
	all := make([]backend.SignIn, signIns)
	index := map[string]int{}
	for i := range all {
		all[i].UserID = string(rune('a' + i))
		index[all[i].UserID] = i
	}
	try := func(do func() error) error { return do() }
	turns := newTurns(Ports{GoOnAfter: t.GoOnAfter, Prompting: t.Prompting}, try)
	turns.before = t.Before
	_, begun, err = turns.take(all, func(s backend.SignIn) error { return ask(index[s.UserID]) })
	return begun, err
}
