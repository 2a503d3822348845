package connect

import (
	"context"
	"slices"

	"bookring/backend"
	"bookring/backend/connect/recovery"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/syncing"
)

// returning looks for the keys missing in the keychain: at the program's start, for Check
// now, and after a change of the keychain. A key found again is checked at once.
type returning struct {
	recovery *recovery.Recovery
	syncer   *syncing.Syncer
	removal  *removal.Removal
	signIns  interface {
		SignIns(ctx context.Context) ([]backend.SignIn, error)
	}
	rows     func() // reports changed rows
	readOnly bool   // the register cannot record a return
}

// look looks for the missing keys, except during a removal.
func (r *returning) look(ctx context.Context) {
	if r.readOnly || r.removal.Progress().Phase != removal.Idle || r.recovery.Return(ctx) == 0 {
		return
	}
	r.rows()
	r.check()
}

// check checks the sign-ins in trouble, now or after the running check.
func (r *returning) check() {
	if !r.syncer.Want() {
		r.syncer.Check(daily, false)
	}
}

// watch looks after every change of the keychain, until ctx ends. A keychain that opens also
// ends the troubles of the living sign-ins.
func (r *returning) watch(ctx context.Context) {
	if r.recovery.Watch == nil {
		return
	}
	r.recovery.Watch(ctx, func() {
		if r.removal.Progress().Phase != removal.Idle || !r.recovery.Unlocked(ctx) {
			return
		}
		r.recovery.Reset()
		r.recovery.RecallAgain(ctx)
		r.look(ctx)
		if living, err := r.signIns.SignIns(ctx); err == nil && slices.ContainsFunc(living, waitsForKeychain) {
			r.check()
		}
	})
}

// waitsForKeychain reports a sign-in unchecked because of the keychain.
func waitsForKeychain(s backend.SignIn) bool { return retry.NeedsPrompt(s.Trouble) }
