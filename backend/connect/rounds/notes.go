package rounds

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"bookring/backend"
)

// settingPending holds the notes of the pending grants.
const settingPending = "pending-grants"

// store keeps the notes; sqlite.Register does.
type store interface {
	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
	SignIns(ctx context.Context) ([]backend.SignIn, error)
}

// noted is the note of a pending grant: the sign-in and the expected person, or nil. The
// tokens are in the keychain.
type noted struct {
	Issuer   string    `json:"issuer"`
	ClientID string    `json:"clientID"`
	UserID   string    `json:"userID"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	At       time.Time `json:"at"`
	Asked    *noted    `json:"asked,omitempty"`
}

func noteOf(s backend.SignIn) *noted {
	return &noted{Issuer: s.Issuer, ClientID: s.ClientID, UserID: s.UserID, Name: s.Name, Email: s.Email, At: s.At}
}

func (n noted) signIn() backend.SignIn {
	key := backend.SignInKey{Issuer: n.Issuer, ClientID: n.ClientID, UserID: n.UserID}
	return backend.SignIn{SignInKey: key, Name: n.Name, Email: n.Email, At: n.At}
}

// note saves the notes of the pending grants, before the keychain saves a new one. After a
// failure only this run of the program knows the grants.
func (r *Rounds) note(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	_ = r.noting.Acquire(ctx, 1)
	defer r.noting.Release(1)
	r.mu.Lock()
	all := make([]*noted, len(r.pending))
	for i, p := range r.pending {
		if all[i] = noteOf(p.signIn); p.asked != nil {
			all[i].Asked = noteOf(*p.asked)
		}
	}
	r.mu.Unlock()
	text := ""
	if len(all) > 0 {
		encoded, _ := json.Marshal(all) // texts and times
		text = string(encoded)
	}
	if err := r.Store.SaveSetting(ctx, settingPending, text); err != nil {
		r.log.Info("pending grants not noted", "code", backend.CodeOf(err))
	}
}

// Resume goes on with the grants that the program's last run did not record, and returns
// after the first try.
func (r *Rounds) Resume(ctx context.Context) {
	for _, n := range r.noted(ctx) {
		p := &pending{signIn: n.signIn(), grant: &backend.Grant{SignIn: n.signIn(), Saved: true}, taken: true, failed: true, saved: true}
		if n.Asked != nil {
			asked := n.Asked.signIn()
			p.asked = &asked
		}
		r.mu.Lock()
		r.pending = append(r.pending, p)
		r.mu.Unlock()
		r.events.Progress()
		outcome, waits, err := r.try(ctx, p)
		if err == nil {
			r.report(outcome, nil)
			continue
		}
		r.log.Info("grant not recorded", "code", backend.SignInFailure(err).Code)
		if waits {
			r.tasks.Go(ctx, func(ctx context.Context) { r.goOn(ctx, p) })
		}
	}
}

// noted returns the notes of the last run, except those of sign-ins checked since.
func (r *Rounds) noted(ctx context.Context) (all []noted) {
	text, err := r.Store.Setting(ctx, settingPending)
	if err != nil || text == "" || json.Unmarshal([]byte(text), &all) != nil {
		return nil
	}
	living, err := r.Store.SignIns(ctx)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(all, func(n noted) bool {
		return slices.ContainsFunc(living, func(s backend.SignIn) bool {
			return s.SignInKey == n.signIn().SignInKey && s.CheckedAt.After(n.At)
		})
	})
}
