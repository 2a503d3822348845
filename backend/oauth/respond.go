package oauth

import (
	"errors"
	"net"
	"strings"
	"time"

	"bookring/backend"
)

// serve answers one connection: one request, one page, closed.
func (f *Flow) serve(port int, conn net.Conn, complete func()) {
	defer func() {
		if p := recover(); p != nil { // its value is not logged: it may quote the request
			f.Log.Error("request panicked")
			pageUnexpected.write(conn)
		}
	}()
	req, err := readRequest(conn)
	complete()
	if err != nil && !errors.Is(err, errMalformed) {
		return // cut, or too slow: nobody reads an answer
	}
	page := pageBadRequest
	if err == nil {
		page = f.respond(port, req)
	}
	page.write(conn)
}

// respond decides what a request gets.
func (f *Flow) respond(port int, req request) *page {
	if refusal := req.check(port); refusal != nil {
		return refusal
	}
	_, path, query := req.split()
	if value, ok := strings.CutPrefix(path, donePath); ok {
		return f.done(value)
	}
	if value, ok := strings.CutPrefix(path, againPath); ok {
		return f.again(value)
	}
	a, refusal := f.accept(query)
	if refusal != nil {
		return refusal
	}
	return redirect(donePath + a.page)
}

// accept takes the query of a callback. The state is looked at before anything
// else of it: what does not know the state of an attempt cannot end one. The
// first valid answer wins.
func (f *Flow) accept(query string) (*Attempt, *page) {
	ans, ok := parseAnswer(query)
	if !ok {
		return nil, pageBadRequest
	}
	a := f.find(func(a *Attempt) bool { return same(a.state, ans.state) })
	if a == nil {
		return nil, pageNotOurs
	}
	if ans.iss != nil && *ans.iss != a.server.Issuer { // RFC 9207 section 2.4
		return nil, pageNotOurs
	}
	if !a.answer(ans) {
		return nil, pageFinished
	}
	return a, nil
}

// done serves the page of an attempt that was answered.
func (f *Flow) done(value string) *page {
	a := f.find(func(a *Attempt) bool { return same(a.page, value) })
	if a == nil || !a.isAnswered() {
		return pageNotFound
	}
	select {
	case <-a.shown:
		return a.look()
	case <-a.gone:
		return pageFinished
	case <-time.After(showLimit):
		return pageReading
	}
}

// again follows the link of a finished attempt's page to the next attempt. A
// double click gets the same one twice; a link that has done its work gets a
// page that says so.
func (f *Flow) again(value string) *page {
	a := f.find(func(a *Attempt) bool { return same(a.offered(), value) })
	if a == nil {
		return pageOver
	}
	link, err := a.follow()
	if err != nil {
		return failurePage(backend.AsFailure(err))
	}
	if f.find(func(next *Attempt) bool { return next.link == link && !next.isAnswered() }) == nil {
		return pageOver
	}
	return redirect(link)
}
