package oauth

import (
	"net/http"
	"strconv"
	"time"

	"bookring/backend"
)

// maxNames is the number of names that a page lists at most.
const maxNames = 100

// outcomePage names the connected organisations. With a non-empty one-time value,
// the page offers to connect another organisation.
func outcomePage(o backend.Outcome, once string, until time.Time) *page {
	c := content{
		Good:     len(o.Added)+len(o.Reconnected)+len(o.AlreadyConnected) > 0,
		Sentence: backend.Say.Page.Total.Of(o.Total),
		List:     backend.Say.Page.List,
		Button:   []piece{{Text: backend.Say.Page.Another}},
		Foot:     backend.Say.Page.OrClose,
	}
	c.offer(once, until)
	c.addTitle(o)
	c.addNames(o)
	c.addExpected(o)
	if !o.Whole() {
		c.Notes = append(c.Notes, []piece{{Text: backend.Say.Page.Part}})
	}
	return render(http.StatusOK, c)
}

// addTitle names a single organisation and counts several organisations.
func (c *content) addTitle(o backend.Outcome) {
	added, back, known := len(o.Added), len(o.Reconnected), len(o.AlreadyConnected)
	named := func(s backend.Sentence, o backend.Organisation) {
		c.Title, c.Heading = backend.Say.Page.Tab, filled(s, o.Name)
	}
	switch {
	case added == 1 && back == 0:
		named(backend.Say.Page.Connected, o.Added[0])
	case added == 0 && back == 1:
		named(backend.Say.Page.ConnectedAgain, o.Reconnected[0])
	case added+back > 1:
		c.Title = backend.Say.Page.ConnectedMany.With(strconv.Itoa(added + back))
	case known == 1:
		named(backend.Say.Page.ConnectedAlready, o.AlreadyConnected[0])
	case known > 1:
		c.Title = backend.Say.Page.ConnectedManyAlready
	default:
		c.Title = backend.Say.Page.ConnectedNone
	}
}

// addNames lists the new organisations, or the known organisations if none is
// new, and then the connections that are no organisations.
func (c *content) addNames(o backend.Outcome) {
	add := func(note string, organisations []backend.Organisation) {
		for _, org := range organisations {
			c.Names = append(c.Names, name{true, org.Name, note})
		}
	}
	add(backend.Say.Page.NoteAdded, o.Added)
	add(backend.Say.Page.NoteBack, o.Reconnected)
	if len(c.Names) == 0 {
		add(backend.Say.Page.NoteKnown, o.AlreadyConnected)
	}
	for _, other := range o.Others {
		c.Names = append(c.Names, name{false, other.Name, backend.Say.Page.NoteOther})
	}
	if left := len(c.Names) - maxNames; left > 0 {
		c.Names, c.More = c.Names[:maxNames], backend.Say.Page.More.With(strconv.Itoa(left))
	}
}

// addExpected names the expected person if another person signed in. If the
// user asked for the expected person, the mismatch becomes the page's title.
func (c *content) addExpected(o backend.Outcome) {
	e := o.Expected
	if e == nil {
		return
	}
	person, expected := o.SignIn.Name, e.SignIn.Name
	if !e.Asked {
		c.Notes = append(c.Notes, filled(backend.Say.Page.Previous, person, expected))
		return
	}
	c.Good, c.Title, c.Heading = !e.Missed(), backend.Say.Page.NotAskedTab, filled(backend.Say.Page.NotAsked, person, expected)
	if e.Reconnected > 0 {
		c.Sentence = backend.Say.Page.Carried.Of(e.Reconnected)
	}
	if !e.Missed() {
		return
	}
	missed := backend.Say.Page.Unchanged
	if e.Unreached > 0 {
		missed = backend.Say.Page.Waiting.Of(e.Unreached)
	}
	c.Notes, c.Button = append(c.Notes, filled(missed, expected)), filled(backend.Say.Page.AgainAs, expected)
}
