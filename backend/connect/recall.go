package connect

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"bookring/backend"
)

// recall brings back the sign-ins that the keychain holds and the register does
// not know. They are then checked like any other, and the list is whole again.
//
// The keychain is asked after a loss, when the register knows no sign-in at
// all, and when it has just answered anyway; what it does not answer is asked
// again later, but only after a loss. Sign-ins that have ended stay ended,
// unless the register was lost: then it may be older than their credential.
func (c *Connector) recall(ctx context.Context, answered bool) {
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return // the check says so
	}
	lost := c.lossUnasked()
	if !lost && !answered && len(signIns) > 0 {
		return
	}
	found, err := c.forgotten(ctx, lost, signIns)
	if err == nil && len(found) > 0 {
		err = c.Register.Recall(ctx, found, c.Now())
	}
	if err != nil {
		c.Log.Info("sign-ins not recalled", "code", backend.AsFailure(err).Code)
		now := c.Now()
		c.change(func() { c.recallLater = later{from: now, at: now.Add(forwardInterval)} })
		return
	}
	if !lost && len(found) == 0 {
		return
	}
	c.Log.Info("sign-ins recalled", "total", len(found))
	c.noteRecalled(ctx, len(found))
}

// recallAgain asks a keychain that did not answer after a loss, not too often.
func (c *Connector) recallAgain(ctx context.Context) {
	c.mu.Lock()
	due := !c.recallLater.waits(c.Now())
	c.mu.Unlock()
	if due && c.lossUnasked() {
		c.recall(ctx, false)
	}
}

// forgotten returns the sign-ins of this Xero app that the keychain holds and
// the register has not, or after a loss not as living. Fails if the keychain
// does not answer for one of them.
func (c *Connector) forgotten(ctx context.Context, lost bool, living []backend.SignIn) ([]backend.SignIn, error) {
	keys, err := c.Keychain.Keys(ctx)
	if err != nil && backend.AsFailure(err).Code != backend.KeychainDamaged {
		return nil, err
	}
	known := living
	if !lost {
		if known, err = c.Register.AllSignIns(ctx); err != nil {
			return nil, err
		}
	}
	keys = slices.DeleteFunc(keys, func(key backend.SignInKey) bool {
		return slices.ContainsFunc(known, func(s backend.SignIn) bool { return s.SignInKey == key })
	})
	if len(keys) == 0 {
		return nil, nil
	}
	return c.held(ctx, keys)
}

// held returns those of the sign-ins that are this Xero app's, at this issuer,
// and that the keychain holds. If no client ID is known it was lost too, and
// the one used last is taken.
func (c *Connector) held(ctx context.Context, keys []backend.SignInKey) (found []backend.SignIn, err error) {
	issuer, err := c.Authoriser.Issuer(ctx)
	if err != nil {
		return nil, err
	}
	id, _, err := c.clientID(ctx)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Backward(keys) {
		if key.Issuer != issuer || id != "" && key.ClientID != id {
			continue
		}
		held, err := c.Keychain.Load(ctx, key)
		if isLost(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if id == "" {
			if id, err = c.takeClientID(ctx, key.ClientID); err != nil {
				return nil, err
			}
			if key.ClientID != id {
				continue
			}
		}
		found = append(found, backend.SignIn{SignInKey: key, Name: nameOf(held), Email: held.Email, At: held.SavedAt})
	}
	return found, nil
}

// takeClientID saves the client ID that a sign-in was made with, unless a person has
// typed one while the keychain was asked, and returns the one in use.
func (c *Connector) takeClientID(ctx context.Context, of string) (id string, err error) {
	if id, _, err = c.clientID(ctx); err != nil || id != "" {
		return id, err
	}
	return of, c.Register.SaveSetting(ctx, settingClientID, of)
}

// isLost reports that the keychain has answered and has no credential to give.
func isLost(err error) bool {
	return err != nil && (errors.Is(err, backend.ErrNoCredential) || backend.AsFailure(err).Code == backend.KeychainDamaged)
}

// nameOf names the person of a credential; older ones do not say it.
func nameOf(held backend.Credential) string {
	if held.Name != "" {
		return held.Name
	}
	return backend.Say.Name.User.With(fmt.Sprintf("%.4s", held.UserID))
}
