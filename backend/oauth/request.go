package oauth

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The paths of the listener. All other paths are not found.
const (
	callbackPath = "/callback"
	donePath     = "/done/"
	againPath    = "/again/"
)

// The limits for one request. Other programs on localhost leave large cookies in
// the browser, because cookies have no port (RFC 6265 section 8.5).
const (
	maxLine   = 16 << 10 // the request line
	maxHeader = 256 << 10
	maxFields = 1000
	maxQuery  = 4 << 10
)

// request is one request, not decoded. The listener does not use net/http's
// server, because net/http answers malformed requests without the headers of
// [page], and because ServeMux redirects //callback?code=… with the code in the
// new address.
type request struct {
	method, target string
	header         textproto.MIMEHeader
}

var (
	errMalformed = errors.New("malformed request")
	errTooLarge  = errors.New("header too large")
)

// readRequest reads the head of a request (RFC 9112 sections 3 and 5) and ignores
// the body. Fails with errMalformed, with errTooLarge, or with the error of a
// missing head.
func readRequest(conn io.Reader) (request, error) {
	limited := &io.LimitedReader{R: conn, N: maxLine}
	r := textproto.NewReader(bufio.NewReader(limited))
	line, err := r.ReadLine()
	if err != nil {
		return request{}, readError(err, limited, errMalformed)
	}
	method, rest, ok := strings.Cut(line, " ")
	target, proto, ok2 := strings.Cut(rest, " ")
	if !ok || !ok2 || method == "" || target == "" || proto != "HTTP/1.1" && proto != "HTTP/1.0" {
		return request{}, errMalformed
	}
	limited.N += maxHeader - maxLine
	header, err := readHeader(r)
	if err != nil {
		return request{}, readError(err, limited, errTooLarge)
	}
	return request{method: method, target: target, header: header}, nil
}

// readHeader reads the header fields. ReadMIMEHeader has no limit for the number of
// fields, and needs much more memory for many small fields than their length.
func readHeader(r *textproto.Reader) (textproto.MIMEHeader, error) {
	header := textproto.MIMEHeader{}
	if first, err := r.R.Peek(1); err == nil && (first[0] == ' ' || first[0] == '\t') {
		return nil, errMalformed // a continuation of no field
	}
	for range maxFields {
		line, err := r.ReadContinuedLine()
		if line == "" || err != nil {
			return header, err
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || !token(name) {
			return nil, errMalformed
		}
		name = textproto.CanonicalMIMEHeaderKey(name)
		header[name] = append(header[name], strings.TrimLeft(value, " \t"))
	}
	return nil, errTooLarge
}

// token reports whether name is a valid field name (RFC 9110 section 5.6.2).
func token(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// readError returns err for an incomplete head or a failure of readHeader, and
// tooLong after the last permitted byte.
func readError(err error, read *io.LimitedReader, tooLong error) error {
	_, cut := errors.AsType[net.Error](err)
	cut = cut || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case cut && read.N > 0, errors.Is(err, errTooLarge):
		return err
	case cut:
		return tooLong
	}
	return errMalformed
}

// split returns the host, path and query of the request, not decoded and not
// cleaned: no other spelling of a path is equal to a path of the listener.
func (r request) split() (host, path, query string) {
	hosts := r.header["Host"]
	if len(hosts) == 1 {
		host = hosts[0]
	}
	target := r.target
	if scheme, rest, ok := strings.Cut(target, "://"); ok && !strings.HasPrefix(target, "/") {
		// The absolute form (RFC 9112 section 3.2.2). The host must be equal to
		// the Host header.
		authority, _, _ := strings.Cut(rest, "/")
		if scheme != "http" || authority != host {
			return "", "", ""
		}
		target = strings.TrimPrefix(rest, authority)
	}
	path, query, _ = strings.Cut(target, "?")
	return host, path, query
}

// navigated reports whether the request can be a browser's navigation to a page,
// and not an image, script, frame or prefetch (Fetch Metadata Request Headers).
// A request without the headers passes.
func (r request) navigated() bool {
	for header, want := range map[string]string{
		"Sec-Fetch-Mode": "navigate",
		"Sec-Fetch-Dest": "document",
		"Sec-Purpose":    "",
		"Purpose":        "",
	} {
		values, present := r.header[header]
		if present && (len(values) != 1 || values[0] != want) {
			return false
		}
	}
	return true
}

// check returns the page that refuses the request, or nil for a navigation to a
// path of the listener.
func (r request) check(port int) *page {
	host, path, _ := r.split()
	switch {
	case host != net.JoinHostPort("localhost", strconv.Itoa(port)):
		return pageMisdirected
	case path != callbackPath && !strings.HasPrefix(path, donePath) && !strings.HasPrefix(path, againPath):
		return pageNotFound
	case r.method != "GET":
		return pageMethod
	case !r.navigated():
		return pageForbidden
	}
	return nil
}

// answer is the authorization response in the query of a callback (RFC 6749
// sections 4.1.2 and 4.1.2.1).
type answer struct {
	state, code, errorCode string
	iss                    *string // RFC 9207; nil if absent
}

// parseAnswer parses a query strictly: a state, and either a code or an error, each
// at most once. parseAnswer ignores unknown parameters, as RFC 6749 section 4.1.2
// requires, also repeated ones and empty ones: browsers and their helpers add such
// parameters.
func parseAnswer(query string) (answer, bool) {
	if len(query) > maxQuery {
		return answer{}, false
	}
	known := map[string][]string{"state": nil, "code": nil, "error": nil, "iss": nil}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if strings.ContainsAny(pair, ";#") {
			return answer{}, false
		}
		name, err := url.QueryUnescape(name)
		if err != nil {
			return answer{}, false
		}
		value, err = url.QueryUnescape(value)
		if err != nil || !printable(value) {
			return answer{}, false
		}
		if values, ok := known[name]; ok {
			known[name] = append(values, value)
		}
	}
	for _, values := range known {
		if len(values) > 1 {
			return answer{}, false
		}
	}
	first := func(name string) string { return strings.Join(known[name], "") }
	a := answer{state: first("state"), code: visible(first("code")), errorCode: visible(first("error"))}
	if iss := known["iss"]; iss != nil {
		a.iss = &iss[0]
	}
	return a, a.state != "" && (a.code == "") != (a.errorCode == "")
}

// visible returns s, or "" for a text of spaces.
func visible(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) {
		return s
	}
	return ""
}

// printable reports whether a value holds no control characters (RFC 6749
// appendix A).
func printable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}
