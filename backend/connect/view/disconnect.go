package view

import "bookring/backend"

// Plan is what a disconnect request would mean.
type Plan struct {
	// SignIn names the person of a sign-in to disconnect as a whole, or is "".
	SignIn string `json:"signIn"`
	Forget bool   `json:"forget"`
	// Count counts the organisations of the request; Organisations are the first by name.
	Count         int                `json:"count"`
	Organisations []DisconnectEffect `json:"organisations"`
	// Staying counts the organisations connected through another sign-in too.
	Staying int `json:"staying"`
}

// DisconnectEffect is a [backend.DisconnectEffect].
type DisconnectEffect struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Through []string `json:"through"`
	Ended   []string `json:"ended"`
	Staying []string `json:"staying"`
}

// planned is the greatest number of organisations named in a [Plan].
const planned = 500

// DisconnectPlan formats the effects of a request. SignIn names the person of a sign-in to
// disconnect as a whole, or is "".
func DisconnectPlan(effects []backend.DisconnectEffect, signIn string, forget bool) Plan {
	p := Plan{
		SignIn: signIn, Forget: forget, Count: len(effects),
		Organisations: []DisconnectEffect{}, Staying: staying(effects),
	}
	for _, e := range effects[:min(len(effects), planned)] {
		p.Organisations = append(p.Organisations, DisconnectEffect{
			ID: e.ID, Name: e.Name, Through: Texts(e.Through), Ended: Texts(e.Ended), Staying: Texts(e.Staying),
		})
	}
	return p
}

// Gone is what a disconnect request has come to.
type Gone struct {
	// Count counts the organisations of the request, Waiting the ones with a pending
	// disconnect, Untold the ones connected through an ended sign-in for good.
	Count   int `json:"count"`
	Waiting int `json:"waiting"`
	Untold  int `json:"untold"`
	// Staying counts the organisations connected through another sign-in too.
	Staying int `json:"staying"`
	// SignInWaits: the sign-in is still to be revoked.
	SignInWaits bool `json:"signInWaits"`
	// Failed is the reason of the waiting, or nil.
	Failed *Failed `json:"failed"`
}

// Disconnected formats the effects of a request before and after the sending.
func Disconnected(before, after []backend.DisconnectEffect, revokePending bool, f *backend.Failure) Gone {
	g := Gone{Count: len(before), Staying: staying(before), SignInWaits: revokePending}
	for _, e := range before {
		if len(e.Ended) > 0 {
			g.Untold++
		}
	}
	for _, e := range after {
		if len(e.Through) > 0 {
			g.Waiting++
		}
	}
	if g.Waiting > 0 || g.SignInWaits {
		g.Failed = Failure(f)
	}
	return g
}

func staying(effects []backend.DisconnectEffect) (n int) {
	for _, e := range effects {
		if len(e.Staying) > 0 {
			n++
		}
	}
	return n
}
