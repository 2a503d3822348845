package connect

import (
	"context"

	"bookring/backend"
)

// Start begins what goes on by itself: what was cut off is taken up, every
// sign-in is checked now, and again whenever that is due. A sign-in whose
// credential is gone from the keychain is found to have ended by that; a
// keychain that does not answer changes nothing. It ends with ctx, or Close.
//
// What may not be written is only shown: nothing goes on by itself, because
// there may be no lock that keeps another program from doing the same.
func (c *Connector) Start(ctx context.Context) {
	if c.Opening.ReadOnly != nil {
		return
	}
	c.work.spawn(ctx, c.watch)
}

// takeUp renews the sign-ins whose renewal was cut off when the program last
// ended, before anything else: a refresh token that was presented is good for
// the rest of the grace only. That may be longer than this computer's clock
// says, and the request may never have left, so it is tried however old. It
// reports whether the keychain has answered for all of them.
func (c *Connector) takeUp(ctx context.Context) (answered bool) {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return false // the check says so
	}
	var cutOff []backend.SignIn
	answered = len(signIns) > 0
	for i, s := range signIns {
		_, held, err := c.load(ctx, s)
		if err != nil {
			if err := c.recordCheck(ctx, s, nil, err); err != nil {
				c.spare(ctx, signIns[i+1:], err)
				answered = false
				break
			}
			continue
		}
		if s.RenewedAt.IsZero() && !held.SavedAt.IsZero() {
			c.noteRenewal(ctx, held) // the register is older than the keeping of this
		}
		if !held.PresentedAt.IsZero() {
			c.unanswered.cutOff(s.SignInKey, held.PresentedAt) // all of them, whatever the first one meets
			cutOff = append(cutOff, s)
		}
	}
	for i, s := range cutOff {
		_, err := c.token(ctx, s)
		if err != nil {
			err = c.recordCheck(ctx, s, nil, err)
		}
		if err != nil {
			c.spare(ctx, cutOff[i+1:], err)
			return false
		}
	}
	return answered
}
