package connect

import (
	"context"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
)

// removing is the removal as the window's buttons see it.
type removing struct{ removal *removal.Removal }

// PlanRemoval tells what Remove would remove. Fails where nothing can be removed.
func (r removing) PlanRemoval(ctx context.Context) (view.RemovalPlan, error) {
	p, err := r.removal.Plan(ctx)
	if err != nil {
		return view.RemovalPlan{}, err
	}
	return view.RemovalPlan{
		Nothing: p.Nothing, Credentials: p.Credentials, KeychainFailure: view.Failure(p.KeychainFailure),
		Organisations: p.Organisations, Connections: p.Connections, ThroughEnded: p.ThroughEnded, Files: view.FileCounts(p.Files),
	}, nil
}

// Remove removes everything from this computer, in the background; see
// [removal.Removal.Begin].
func (r removing) Remove(from string, disconnect, anyway bool) {
	r.removal.Begin(from, disconnect, anyway)
}

// KeepRest undoes a stopped removal; after deletions the data must be opened anew. Fails
// with RemovalUnderWay.
func (r removing) KeepRest() (reopen bool, err error) { return r.removal.KeepRest() }

// CancelRemoval cancels a removal before its deletions. Fails with RemovalUnderWay.
func (r removing) CancelRemoval() error { return r.removal.Cancel() }

// Removed reports a complete removal: nothing may be created any more.
func (r removing) Removed() bool { return r.removal.Done() }

// removalView formats a removal.
func removalView(p removal.Progress) view.Removal {
	v := view.Removal{Phase: p.Phase, Done: p.Done, Total: p.Total, StillConnected: stillConnected(p.StillConnected), Undeleted: undeleted(p.Undeleted)}
	if r := p.Receipt; r != nil {
		v.Receipt = &view.Receipt{
			At: view.Stamp(r.At), DisconnectAsked: r.DisconnectAsked, Disconnected: r.Disconnected, StillConnected: stillConnected(r.StillConnected),
			Credentials: r.Credentials, Undeleted: undeleted(r.Undeleted), Organisations: r.Organisations,
			Files: view.FileCounts(r.Files), Leftovers: leftovers(r.Leftovers),
		}
	}
	return v
}

func stillConnected(connected []removal.StillConnected) []view.StillConnected {
	all := make([]view.StillConnected, len(connected))
	for i, c := range connected {
		all[i] = view.StillConnected{Person: c.Person, Organisations: append([]string{}, c.Organisations...), Code: string(c.Code)}
	}
	return all
}

func undeleted(remaining []removal.UndeletedCredential) []view.UndeletedCredential {
	all := make([]view.UndeletedCredential, len(remaining))
	for i, s := range remaining {
		all[i] = view.UndeletedCredential{Person: s.Person, Code: string(s.Code)}
	}
	return all
}

func leftovers(remaining []backend.Leftover) []view.Leftover {
	all := make([]view.Leftover, len(remaining))
	for i, l := range remaining {
		all[i] = view.Leftover(l)
	}
	return all
}
