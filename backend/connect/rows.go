package connect

import (
	"context"
	"slices"

	"bookring/backend"
)

// Rows is a part of the list, for the window.
type Rows struct {
	Offset    int   `json:"offset"`
	Matching  int   `json:"matching"`
	Total     int   `json:"total"`
	Attention int   `json:"attention"`
	Revision  int   `json:"revision"`
	Rows      []Row `json:"rows"`
}

// Row is one organisation, for the window.
type Row struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Status  string   `json:"status"`
	SignIns []string `json:"signIns"`
	// Carrier is the first of SignIns, as [Connector.SignInAgain] takes it.
	Carrier     string `json:"carrier"`
	LastChecked string `json:"lastChecked"` // RFC 3339
	// Trouble is the code of why the organisation is not checked, or ""; Shared:
	// that kept the others from being checked, too.
	Trouble string `json:"trouble"`
	// Pending says what of a disconnected organisation is not done yet: see
	// [backend.Pending].
	Pending string `json:"pending"`
	Shared  bool   `json:"shared"`
	// Ending is why the sign-in that carries it has ended, as [SignInRow.Reason],
	// or "".
	Ending string `json:"ending"`
	// DetailsFrom (RFC 3339) is when a limit of Xero's for this organisation ends,
	// or "": its details are not read before.
	DetailsFrom string `json:"detailsFrom"`
	Country     string `json:"country"`
	Currency    string `json:"currency"`
}

// Organisations returns a part of the list.
func (c *Connector) Organisations(ctx context.Context, q backend.Query) (Rows, error) {
	c.mu.Lock()
	revision := c.revision // before the query: an older number only asks again
	c.mu.Unlock()
	page, err := c.Register.Organisations(ctx, q)
	if err != nil {
		return Rows{}, err
	}
	limits := c.limits(page.Rows)
	rows := Rows{
		Offset: q.Offset, Revision: revision, Rows: []Row{},
		Matching: page.Matching, Total: page.Total, Attention: page.Attention,
	}
	for _, o := range page.Rows {
		row := Row{
			ID: o.ID, Name: o.Name, Status: string(o.Status), SignIns: slices.Concat([]string{}, o.SignIns), Carrier: o.Carrier.String(),
			LastChecked: stamp(o.LastChecked), Trouble: string(o.Trouble), Shared: everybodys(o.Trouble), Pending: string(o.Pending),
			Country: o.Country, Currency: o.Currency, DetailsFrom: stamp(limits[o.ID]),
		}
		if o.Status == backend.SignInAgain {
			row.Ending = ending(o.Carrier)
		}
		rows.Rows = append(rows.Rows, row)
	}
	return rows, nil
}

// OrganisationIDs returns the IDs of every organisation that fits a query.
func (c *Connector) OrganisationIDs(ctx context.Context, q backend.Query) ([]string, error) {
	return c.Register.IDs(ctx, q)
}
