package keychain

import (
	"context"
	"time"
)

// settling is the pause between the last signal of the keychain and a look: a starting
// keychain sends several signals.
const settling = 300 * time.Millisecond

// Unlocked fails unless the keychain can answer without a prompt: on Linux with
// KeychainLocked for a locked login collection and KeychainMissing without a keychain.
// Windows never prompts. On macOS the login keychain is open while the user is signed in.
func (v *Vault) Unlocked(ctx context.Context) error {
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	_, err = ask(ctx, v, "look for a lock", func() (string, error) { return "", unlocked() })
	return err
}

// Watch calls changed soon, and after another program has become the keychain, or the keychain has
// shown, hidden, opened or locked a collection. Watch returns at the end of ctx or of the
// session bus, and at once on a system without signals.
func (v *Vault) Watch(ctx context.Context, changed func()) {
	signals, stop := ownerSignals()
	defer stop()
	timer := time.NewTimer(settling) // the first time, for a change before the first signal
	defer timer.Stop()
	for signals != nil {
		select {
		case anotherOwner, open := <-signals:
			if !open {
				return
			}
			if anotherOwner {
				v.moved.Store(true)
			}
			timer.Reset(settling)
		case <-timer.C:
			changed()
		case <-ctx.Done():
			return
		}
	}
}
