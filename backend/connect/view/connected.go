package view

import (
	"time"

	"bookring/backend"
)

// Connected is a [backend.Outcome].
type Connected struct {
	SignIn string `json:"signIn"`
	// Expected is the expected person if another person signed in, or nil.
	Expected         *Expected `json:"expected"`
	Added            []Name    `json:"added"`
	Reconnected      []Name    `json:"reconnected"`
	AlreadyConnected []Name    `json:"alreadyConnected"`
	Removed          []Name    `json:"removed"`
	// Others are connections of other types; Type is Xero's word.
	Others []Name `json:"others"`
	Total  int    `json:"total"`
	// ClockMinutes is the lead of this computer's clock over Xero's in minutes (negative: a
	// lag), or 0 within five minutes.
	ClockMinutes int `json:"clockMinutes"`
	// Part: Xero's list was not understood whole; nil for a whole list.
	Part *Part `json:"part"`
}

// Expected is a [backend.Expected]; SignIn is the ID of the person's sign-in.
type Expected struct {
	SignIn      string `json:"signIn"`
	Name        string `json:"name"`
	Asked       bool   `json:"asked"`
	Missed      bool   `json:"missed"`
	Reconnected int    `json:"reconnected"`
	Unreached   int    `json:"unreached"`
}

// Name names a connection.
type Name struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// clockTolerance is the greatest difference of clocks without a warning.
const clockTolerance = 5 * time.Minute

// Outcome formats an outcome; nil stays nil.
func Outcome(o *backend.Outcome) *Connected {
	if o == nil {
		return nil
	}
	c := &Connected{
		SignIn: o.SignIn.Name, Others: []Name{}, Total: o.Total,
		Added: names(o.Added), Reconnected: names(o.Reconnected), AlreadyConnected: names(o.AlreadyConnected), Removed: names(o.Removed),
	}
	if e := o.Expected; e != nil {
		c.Expected = &Expected{
			SignIn: e.SignIn.String(), Name: e.SignIn.Name,
			Asked: e.Asked, Missed: e.Missed(), Reconnected: e.Reconnected, Unreached: e.Unreached,
		}
	}
	if !o.Whole() {
		c.Part = new(PartOf(o.SignIn, o.Part))
	}
	for _, other := range o.Others {
		c.Others = append(c.Others, Name{ID: other.OrganisationID, Name: other.Name, Type: backend.PlainText(other.Type)})
	}
	if o.ClockSkew.Abs() > clockTolerance {
		c.ClockMinutes = int(o.ClockSkew.Round(time.Minute).Minutes())
	}
	return c
}

func names(organisations []backend.Organisation) []Name {
	all := make([]Name, len(organisations))
	for i, o := range organisations {
		all[i] = Name{ID: o.ID, Name: o.Name, Type: backend.OrganisationType}
	}
	return all
}
