package oauth

import (
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"bookring/backend"
)

// serve reads one request from head, answers with one page and closes the
// connection.
func (f *Flow) serve(port int, conn net.Conn, head io.Reader, complete func()) {
	defer func() {
		if p := recover(); p != nil { // the value can quote the request and is not logged
			f.Log.Error("request panicked")
			pageUnexpected.write(conn)
		}
	}()
	req, err := readRequest(head)
	complete()
	switch {
	case err == nil:
		f.respond(port, req).write(conn)
	case errors.Is(err, errMalformed):
		pageBadRequest.write(conn)
	case errors.Is(err, errTooLarge):
		pageTooLarge.write(conn)
	default: // the client has gone or is too slow
	}
}

// respond returns the page for a request.
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

// accept gives the answer in the query of a callback to the attempt with the same
// state. Each attempt takes the first valid answer only. A repeat of the accepted
// answer leads to the page of the attempt; for another answer, accept returns a
// page without names, because other users of the computer may know the state.
func (f *Flow) accept(query string) (*Attempt, *page) {
	a, ans, refusal := f.read(query)
	if refusal != nil {
		return nil, refusal
	}
	if !a.answer(ans) && !a.accepted(ans) {
		return nil, pageFinished
	}
	return a, nil
}

// read returns the answer in the query of a callback, and the attempt with the same
// state. A query without the state of an attempt changes no attempt.
func (f *Flow) read(query string) (*Attempt, answer, *page) {
	ans, ok := parseAnswer(query)
	if !ok {
		return nil, answer{}, pageBadRequest
	}
	a := f.find(func(a *Attempt) bool { return same(a.state, ans.state) })
	if a == nil {
		return nil, answer{}, pageNotOurs
	}
	if ans.iss != nil && *ans.iss != a.server.Issuer { // RFC 9207 section 2.4
		return nil, answer{}, pageNotOurs
	}
	return a, ans, nil
}

// done returns the page of an attempt with an answer.
func (f *Flow) done(value string) *page {
	a := f.find(func(a *Attempt) bool { return same(a.page, value) })
	if a == nil || !a.isAnswered() {
		return pageNotFound
	}
	select {
	case <-a.shown:
		return a.endPage()
	case <-a.gone:
		return pageFinished
	case <-time.After(showLimit):
		return pageReading
	}
}

// again redirects from the offer of a finished attempt to the next attempt. The
// second click of a double click gets the same redirect. After the next attempt
// has an answer, the offer is over.
func (f *Flow) again(value string) *page {
	a := f.find(func(a *Attempt) bool { return same(a.offered(), value) })
	if a == nil {
		return pageOver
	}
	link, err := a.follow()
	if err != nil {
		return failurePage(backend.End{Failure: backend.AsFailure(err)}, a.offered(), a.Deadline()) // the link can be repeated
	}
	if f.find(func(next *Attempt) bool { return next.link == link && !next.isAnswered() }) == nil {
		return pageOver
	}
	return redirect(link)
}
