package connect

import (
	"context"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
)

// list answers the window's questions about organisations and sign-ins.
type list struct {
	register lists
	news     *news
	limit    func(organisationID string) time.Time
	now      func() time.Time
}

// Organisations returns a part of the list.
func (l *list) Organisations(ctx context.Context, q backend.Query) (view.Rows, error) {
	revision, _ := l.news.state() // before the query: an older revision only makes the window ask again
	page, err := l.register.Organisations(ctx, q)
	if err != nil {
		return view.Rows{}, err
	}
	return view.Organisations(page, q.Offset, revision, l.limit), nil
}

// OrganisationIDs returns the IDs of every organisation in a query's result.
func (l *list) OrganisationIDs(ctx context.Context, q backend.Query) ([]string, error) {
	return l.register.IDs(ctx, q)
}

// namedOrganisations limits the names shown for a sign-in: as many organisations without
// another sign-in, and as many others.
const namedOrganisations = 12

// SignIns returns every sign-in: ended sign-ins first, then by name.
func (l *list) SignIns(ctx context.Context) ([]view.SignInRow, error) {
	all, err := l.register.AllSignIns(ctx)
	if err != nil {
		return nil, err
	}
	usage, err := l.register.Usage(ctx, namedOrganisations)
	if err != nil {
		return nil, err
	}
	rows := make([]view.SignInRow, len(all))
	for i, s := range all {
		rows[i] = view.SignIn(s, usage[s.SignInKey], l.now())
	}
	return rows, nil
}
