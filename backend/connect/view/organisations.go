package view

import (
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// Rows is a part of the list.
type Rows struct {
	Offset    int   `json:"offset"`
	Matching  int   `json:"matching"`
	Total     int   `json:"total"`
	Attention int   `json:"attention"`
	Revision  int   `json:"revision"`
	Rows      []Row `json:"rows"`
}

// Row is one organisation.
type Row struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Status  string   `json:"status"`
	SignIns []string `json:"signIns"`
	// FirstSignIn is the ID of the first of SignIns.
	FirstSignIn string `json:"firstSignIn"`
	LastChecked string `json:"lastChecked"`
	// Trouble is the code of the last failed check, or "". Shared: every other sign-in would
	// meet the same failure.
	Trouble string `json:"trouble"`
	Shared  bool   `json:"shared"`
	// Pending is the pending part of a disconnect; see [backend.Pending].
	Pending string `json:"pending"`
	// Ending is the reason of FirstSignIn's end as in [SignInRow.Reason], or "".
	Ending string `json:"ending"`
	// DetailsFrom is the end of Xero's limit for the organisation's details.
	DetailsFrom string `json:"detailsFrom"`
	Country     string `json:"country"`
	Currency    string `json:"currency"`
}

// Organisations formats a page of the list. Limit returns the end of Xero's limit for an
// organisation.
func Organisations(page backend.Page, offset, revision int, limit func(id string) time.Time) Rows {
	rows := Rows{
		Offset: offset, Revision: revision, Rows: []Row{},
		Matching: page.Matching, Total: page.Total, Attention: page.Attention,
	}
	for _, o := range page.Rows {
		row := Row{
			ID: o.ID, Name: o.Name, Status: string(o.Status), SignIns: Texts(o.SignIns), FirstSignIn: o.FirstSignIn.String(),
			LastChecked: Stamp(o.LastChecked), Trouble: string(o.Trouble), Shared: retry.Shared(o.Trouble),
			Pending: string(o.Pending), Country: o.Country, Currency: o.Currency, DetailsFrom: Stamp(limit(o.ID)),
		}
		if o.Status == backend.SignInAgain {
			row.Ending = endReason(o.FirstSignIn)
		}
		rows.Rows = append(rows.Rows, row)
	}
	return rows
}

// Count is the number of organisations with a status.
type Count struct {
	Status        string `json:"status"`
	Organisations int    `json:"organisations"`
}

// Count puts the number of organisations of each status into the overview.
func (o *Overview) Count(counts []backend.Count) {
	for _, n := range counts {
		o.Counts = append(o.Counts, Count{Status: string(n.Status), Organisations: n.Organisations})
		o.Total += n.Organisations
		if n.Status.NeedsPerson() {
			o.Attention += n.Organisations
		}
	}
}
