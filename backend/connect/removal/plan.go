package removal

import (
	"context"

	"bookring/backend"
)

// Plan is what a removal would remove.
type Plan struct {
	// Nothing: demo data are never stored.
	Nothing bool
	// Credentials counts the credentials in the keychain's index. KeychainFailure is the
	// failure to count them, or nil.
	Credentials     int
	KeychainFailure *backend.Failure
	// Organisations counts the organisations of the register. Connections counts their
	// connections through living sign-ins, ThroughEnded through ended ones.
	Organisations, Connections, ThroughEnded int
	Files                                    backend.FileCounts
}

// Plan returns what Begin would remove. Fails where nothing can be removed.
func (r *Removal) Plan(ctx context.Context) (Plan, error) {
	if r.Demo {
		return Plan{Nothing: true}, nil
	}
	if r.ReadOnly != nil {
		return Plan{}, r.ReadOnly
	}
	all, err := r.Register.Reachable(ctx)
	if err != nil {
		return Plan{}, err
	}
	page, err := r.Register.Organisations(ctx, backend.Query{Limit: 1})
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Organisations: page.Total, Files: r.Files()}
	for _, s := range all {
		if s.Ended {
			p.ThroughEnded += len(s.Organisations)
		} else {
			p.Connections += len(s.Organisations)
		}
	}
	keys, err := r.keys(ctx, all)
	p.Credentials, p.KeychainFailure = len(keys), backend.AsFailure(err)
	return p, nil
}
