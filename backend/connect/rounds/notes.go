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
	err := r.load(ctx) // the notes of the last run must not be overwritten
	if text := r.notes(); err == nil && text != r.noted {
		if err = r.Store.SaveSetting(ctx, settingPending, text); err == nil {
			r.noted = text
		}
	}
	if err != nil {
		r.log.Info("pending grants not noted", "code", backend.CodeOf(err))
	}
}

// notes encodes the notes of the pending grants, or returns "".
func (r *Rounds) notes() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.pending) == 0 {
		return ""
	}
	all := make([]*noted, len(r.pending))
	for i, p := range r.pending {
		if all[i] = noteOf(p.signIn); p.asked != nil {
			all[i].Asked = noteOf(*p.asked)
		}
	}
	encoded, _ := json.Marshal(all) // texts and times
	return string(encoded)
}

// load makes pending grants of the notes of the program's last run, once, and goes on with
// the grants. Sign-ins checked since their grant have nothing left to read.
func (r *Rounds) load(ctx context.Context) error {
	if r.loaded {
		return nil
	}
	text, err := r.Store.Setting(ctx, settingPending)
	if err != nil {
		return err
	}
	living, err := r.Store.SignIns(ctx)
	if err != nil {
		return err
	}
	r.loaded, r.noted = true, text
	var all []noted
	if text == "" || json.Unmarshal([]byte(text), &all) != nil {
		return nil
	}
	for _, n := range all {
		checked := func(s backend.SignIn) bool { return s.SignInKey == n.signIn().SignInKey && s.CheckedAt.After(n.At) }
		if !slices.ContainsFunc(living, checked) {
			r.goOnWith(ctx, n)
		}
	}
	return nil
}

// goOnWith makes a pending grant of a note and goes on with the grant in the background.
func (r *Rounds) goOnWith(ctx context.Context, n noted) {
	p := &pending{signIn: n.signIn(), grant: &backend.Grant{SignIn: n.signIn(), Saved: true}, failed: true, saved: true, noted: true}
	if n.Asked != nil {
		asked := n.Asked.signIn()
		p.asked = &asked
	}
	r.mu.Lock()
	r.pending = append(r.pending, p)
	r.mu.Unlock()
	r.tasks.Go(ctx, func(ctx context.Context) { r.goOn(ctx, p) })
}

// Resume goes on with the grants that the program's last run did not record, and returns
// after the first try.
func (r *Rounds) Resume(ctx context.Context) {
	r.note(ctx)
	r.events.Progress()
	r.mu.Lock()
	all := slices.Clone(r.pending)
	r.mu.Unlock()
	for _, p := range all {
		if p.noted && r.take(p) {
			r.tryAgain(ctx, p)
		}
	}
}
