package oauth

import (
	"time"

	"bookring/backend"
)

// Show shows the end of the attempt in the browser. If again is not nil, the page
// offers the next attempt, for the time limit of an attempt: to connect another
// organisation, or after a failure to try again. The offer's link calls again once
// and redirects the browser to the returned link. A page without an offer lives for
// a few seconds, long enough for one request.
func (a *Attempt) Show(end backend.End, again func() (string, error)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.end != nil || !a.answered {
		return
	}
	life := pageLife
	if again != nil {
		a.once, a.again = random(), again
		life = a.flow.limit()
	}
	a.deadline = now().Add(life)
	if end.Outcome != nil {
		a.end = outcomePage(*end.Outcome, a.once, a.deadline)
	} else {
		a.end = failurePage(end, a.once, a.deadline)
	}
	a.timer = time.AfterFunc(life, func() { a.flow.recovered(func() { a.flow.drop(a) }) })
	close(a.shown)
}

// endPage returns the page of the end, and shortens the life of a page without
// an offer.
func (a *Attempt) endPage() *page {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.once == "" {
		a.timer.Reset(servedPageLife)
	}
	return a.end
}

// offered returns the one-time value of the offer's link, or "".
func (a *Attempt) offered() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.once
}

// follow begins the next attempt and returns the link of the next attempt. A
// repeated call returns the same link; a failed call can be repeated.
func (a *Attempt) follow() (string, error) {
	a.following.Lock()
	defer a.following.Unlock()
	if a.nextLink != "" {
		return a.nextLink, nil
	}
	link, err := a.again()
	if err == nil {
		a.nextLink = link
	}
	return link, err
}
