package connect

import (
	"time"

	"bookring/backend"
)

// Connected is a [backend.Outcome] for the window.
type Connected struct {
	SignIn string `json:"signIn"`
	// Expected is who should have signed in if it was somebody else, or nil.
	Expected *Expected `json:"expected"`
	Added    []Name    `json:"added"`
	Back     []Name    `json:"back"`
	Known    []Name    `json:"known"`
	// Removed were connected and are not in Xero's list any more.
	Removed []Name `json:"removed"`
	// Others are connections that are no organisations; Type is Xero's word.
	Others []Name `json:"others"`
	Total  int    `json:"total"`
	// ClockMinutes is how far this computer's clock is ahead of Xero's (negative:
	// behind), in minutes; 0 if less than five.
	ClockMinutes int `json:"clockMinutes"`
}

// Expected is a [backend.Expected] for the window.
type Expected struct {
	// SignIn is what [Connector.SignInAgain] takes.
	SignIn string `json:"signIn"`
	Name   string `json:"name"`
	// Asked: they were asked for, and Missed: they are needed still. If nobody
	// was asked for, it is who signed in last.
	Asked   bool `json:"asked"`
	Missed  bool `json:"missed"`
	Carried int  `json:"carried"`
	Waiting int  `json:"waiting"`
}

// Name is something connected, for the window.
type Name struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// connected formats an outcome for the window.
func connected(o backend.Outcome) *Connected {
	names := func(organisations []backend.Organisation) []Name {
		all := make([]Name, len(organisations))
		for i, o := range organisations {
			all[i] = Name{ID: o.ID, Name: o.Name, Type: backend.OrganisationType}
		}
		return all
	}
	c := &Connected{
		SignIn: o.SignIn.Name, Others: []Name{}, Total: o.Total,
		Added: names(o.Added), Back: names(o.Back), Known: names(o.Known), Removed: names(o.Removed),
	}
	if e := o.Expected; e != nil {
		c.Expected = &Expected{
			SignIn: e.SignIn.String(), Name: e.SignIn.Name,
			Asked: e.Asked, Missed: e.Missed(), Carried: e.Carried, Waiting: e.Waiting,
		}
	}
	for _, other := range o.Others {
		c.Others = append(c.Others, Name{ID: other.OrganisationID, Name: other.Name, Type: backend.PlainText(other.Type)})
	}
	if o.ClockSkew.Abs() > clockTolerance {
		c.ClockMinutes = int(o.ClockSkew.Round(time.Minute).Minutes())
	}
	return c
}

// clockTolerance is how wrong this computer's clock may be before it is said.
const clockTolerance = 5 * time.Minute
