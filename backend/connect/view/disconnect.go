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

// DisconnectResult is the result of a disconnect request.
type DisconnectResult struct {
	// Count counts the organisations of the request, Pending the organisations with a
	// pending disconnect, StillConnected the organisations connected at Xero through an
	// ended sign-in.
	Count          int `json:"count"`
	Pending        int `json:"pending"`
	StillConnected int `json:"stillConnected"`
	// Staying counts the organisations connected through another sign-in too.
	Staying int `json:"staying"`
	// RevokePending: the sign-in is not revoked yet.
	RevokePending bool `json:"revokePending"`
	// Failed is the reason of a pending disconnect, or nil.
	Failed *Failed `json:"failed"`
}

// Disconnected formats the effects of a request before and after the sending.
func Disconnected(before, after []backend.DisconnectEffect, revokePending bool, f *backend.Failure) DisconnectResult {
	r := DisconnectResult{Count: len(before), Staying: staying(before), RevokePending: revokePending}
	for _, e := range before {
		if len(e.Ended) > 0 {
			r.StillConnected++
		}
	}
	for _, e := range after {
		if len(e.Through) > 0 {
			r.Pending++
		}
	}
	if r.Pending > 0 || r.RevokePending {
		r.Failed = Failure(f)
	}
	return r
}

func staying(effects []backend.DisconnectEffect) (n int) {
	for _, e := range effects {
		if len(e.Staying) > 0 {
			n++
		}
	}
	return n
}
