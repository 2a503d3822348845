package syncing

import (
	"cmp"
	"errors"
	"time"

	"bookring/backend"
)

const (
	// goOnAfter is the time for one sign-in before the next sign-in is asked too. It is longer
	// than the five seconds after which the keychain counts as waiting for the user.
	goOnAfter = 6 * time.Second
	// mostSlow is the greatest number of sign-ins waiting side by side.
	mostSlow = 4
	// severalSlow sign-ins in sequence without an answer in time have a shared cause.
	severalSlow = 3
)

// turns asks one sign-in after the other, so that a keychain with a prompt shows a single
// prompt. While Xero keeps the answer of a sign-in waiting, the next sign-ins are asked.
type turns struct {
	goOnAfter time.Duration
	// prompting reports a keychain that waits for the user: no other sign-in may ask the
	// keychain meanwhile.
	prompting func() bool
	// try makes a failure of a panic.
	try func(do func() error) error
	// before, if not nil, precedes the turn of each sign-in. Done, if not nil, follows with the
	// number of ended turns.
	before func(i int)
	done   func(n int)
}

func newTurns(p Ports, try func(do func() error) error) turns {
	return turns{goOnAfter: cmp.Or(p.GoOnAfter, goOnAfter), prompting: p.Prompting, try: try}
}

// turn is the end of the turn of a sign-in.
type turn struct {
	i   int
	err error
}

// take calls ask for each sign-in and returns after the last end. Ended tells which sign-ins
// had their turn without an error that ends the turns. The error is a failure shared by the
// other sign-ins: no further turn begins after it.
func (t turns) take(signIns []backend.SignIn, ask func(backend.SignIn) error) (ended []bool, begun int, err error) {
	ended = make([]bool, len(signIns))
	ends := make(chan turn, len(signIns))
	var open, n, slow int
	end := func(e turn) {
		open--
		switch f := backend.AsFailure(e.err); {
		case f == nil:
			slow = 0
		case errors.Is(f, backend.ErrPanic):
			e.err = nil
		case f.Slow:
			if slow++; slow < severalSlow {
				e.err = nil
			}
		}
		if e.err != nil {
			err = cmp.Or(err, e.err) // the first failure ended the turns
			return
		}
		ended[e.i] = true
		n++
		if t.done != nil {
			t.done(n)
		}
	}
	for begun < len(signIns) {
		if t.before != nil {
			t.before(begun)
		}
		for len(ends) > 0 { // ended during before
			end(<-ends)
		}
		if err != nil {
			break
		}
		i := begun
		begun, open = begun+1, open+1
		go func() { ends <- turn{i, t.try(func() error { return ask(signIns[i]) })} }()
		late, timer := false, time.NewTimer(t.goOnAfter)
		for err == nil && open > 0 && !ended[i] && (!late || open >= mostSlow || t.prompting()) {
			select {
			case e := <-ends:
				end(e)
			case <-timer.C:
				late = true
				timer.Reset(t.goOnAfter)
			}
		}
		timer.Stop()
	}
	for open > 0 {
		end(<-ends)
	}
	return ended, begun, err
}
